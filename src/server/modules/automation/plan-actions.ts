import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { dueMoment, fillTemplate, placesIn, type Rule, type Then, textsOf } from '../../../domain/automation/index.ts';
import type { Change } from '../../../domain/change/types.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import { shareOut } from '../../../domain/ownership/share-out.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { hasObjected } from '../consent/index.ts';
import type { NewProposal } from '../proposals/index.ts';
import { notify } from '../reminders/index.ts';
import type { StoredFiring } from './firing-store.ts';
import { teamLoads } from './people.ts';
import type { PerformDeps } from './perform-firings.ts';
import type { Portion } from './portion.ts';
import { type Seen, seeRecords, seeRelated, seesPlain, speakerOf } from './record-words.ts';

/** What came of one action. */
export interface ActionResult {
  do: Then['do'];
  /** Record written, accounts told, deliveries begun. */
  object?: string;
  id?: string;
  field?: string;
  people?: string[];
  count?: number;
  /** Why nothing was done: nobody there, no address, said no. */
  none?: 'nobody' | 'no-record' | 'no-address' | 'objected' | 'no-channel' | 'same';
}

/** All that a firing asks for: changes for the write door, and what is done in the same transaction. */
export interface Plan {
  changes: Change[];
  alongside: ((tx: Tx) => Promise<void>)[];
  results: ActionResult[];
  /** Records that are written. */
  touched: string[];
}

/** What the plans of a group of firings share. */
export interface Scene {
  deps: PerformDeps;
  portion: Portion;
  ctx: Ctx;
  rule: Rule;
  catalog: Catalog;
  object: ObjectDef;
  seen: Seen;
  related: Map<string, Seen>;
  /** What a change replaced and what it wrote, by firing. */
  values: Map<string, { before: Record<string, FieldValue>; after: Record<string, FieldValue> }>;
  /** Whom a team's rule gives the records to, by record. */
  given: Map<string, string>;
}

export async function planFiring(scene: Scene, firing: StoredFiring, row: Row): Promise<Plan> {
  const plan: Plan = { changes: [], alongside: [], results: [], touched: [] };
  for (const [n, action] of scene.rule.steps.entries())
    plan.results.push(await planAction(scene, firing, row, action, n, plan));
  return plan;
}

/** Places in all texts of a rule. */
export const placesOf = (rule: Rule): string[] => rule.steps.flatMap(textsOf).flatMap(placesIn);

async function planAction(
  scene: Scene,
  firing: StoredFiring,
  row: Row,
  action: Then,
  n: number,
  plan: Plan,
): Promise<ActionResult> {
  const { deps, ctx, rule, object } = scene;
  const change = (made: Change & { id: string }): ActionResult => {
    plan.changes.push(made);
    plan.touched.push(made.id);
    return { do: action.do, object: made.object, id: made.id };
  };
  const speak = speakerOf(
    deps,
    ctx,
    scene.catalog,
    object,
    scene.seen,
    row.id,
    scene.related,
    scene.values.get(firing.id)?.before,
  );
  switch (action.do) {
    case 'task': {
      const people = await scene.portion.people(action.to, ownerOf(object, row));
      const [owner = null] = people;
      const say = owner === null ? speak : await speakerFor(scene, owner, row.id, firing);
      return change({
        op: 'create',
        object: 'task',
        id: uuidv7(),
        set: {
          title: fillTemplate(action.title, say).slice(0, 200),
          owner,
          ...belongsTo(object, row),
          due_at: dueMoment(ctx.at, action.dueDays ?? 0, deps.env(ctx).timeZone).toISOString(),
          priority: action.priority ?? 'middle',
          kind: action.kind ?? 'other',
          rule: rule.name,
          ...(action.remark && { remark: fillTemplate(action.remark, say) }),
        },
      });
    }
    case 'notify': {
      const people = await scene.portion.people(action.to, ownerOf(object, row));
      for (const account of people) {
        const text = fillTemplate(action.text, await speakerFor(scene, account, row.id, firing));
        plan.alongside.push(async (tx) => {
          const params = { text, rule: rule.name };
          const notice = { account, cause: `rule ${firing.id} ${n}`, kind: 'rule' as const, params };
          await notify(tx, ctx.workspace, { ...notice, object: object.name, record: row.id }, ctx.at);
        });
      }
      return people.length > 0 ? { do: 'notify', people } : { do: 'notify', none: 'nobody' };
    }
    case 'set': {
      const target = targetOf(scene, row, action.on);
      if (!target) return { do: 'set', field: action.field, none: 'no-record' };
      const value = typeof action.value === 'string' ? rawOf(action.value, ctx, speak) : action.value;
      const only = action.onlyEmpty ? { onlyEmpty: true } : {};
      return { ...change({ op: 'update', ...target, set: { [action.field]: value }, ...only }), field: action.field };
    }
    case 'tag': {
      const target = targetOf(scene, row, action.on);
      const tagged = target && (await rowOf(scene, target, row));
      if (!target || !tagged) return { do: 'tag', field: action.field, none: 'no-record' };
      const now = tagged.values[action.field];
      const tags = Array.isArray(now) ? now : [];
      const wanted = [...new Set([...tags, ...action.add])].filter((tag) => !action.remove.includes(tag));
      if (wanted.length === tags.length && wanted.every((tag) => tags.includes(tag)))
        return { do: 'tag', field: action.field, none: 'same' };
      // Somebody else's tag of the same moment is not to be lost: a conflict has the firing done again.
      const made = { op: 'update' as const, ...target, version: tagged.version, set: { [action.field]: wanted } };
      return { ...change(made), field: action.field };
    }
    case 'assign': {
      if (object.owner === undefined) return { do: 'assign', none: 'no-record' };
      const owner = action.to.who === 'person' ? action.to.account : scene.given.get(row.id);
      if (owner === undefined) return { do: 'assign', none: 'nobody' };
      return {
        ...change({ op: 'update', object: object.name, id: row.id, set: { [object.owner]: owner } }),
        people: [owner],
      };
    }
    case 'propose':
      return planProposal(scene, row, action, speak, plan);
    case 'webhook': {
      const channels = await deps.channels.list(ctx.workspace);
      const meant = channels.filter(
        ({ id, kind, enabled }) =>
          kind === 'webhook' && enabled && (action.channel === undefined || action.channel === id),
      );
      if (meant.length === 0) return { do: 'webhook', none: 'no-channel' };
      const content = { type: 'rule.fired', timestamp: ctx.at.toISOString(), data: factsOf(scene, firing, row) };
      for (const { id, name } of meant)
        plan.alongside.push(async (tx) => {
          const cause = `${id}:rule:${firing.id}:${n}`;
          await deps.outbox.put(tx, ctx.workspace, { channel: id, cause, recipient: name, content });
        });
      return { do: 'webhook', count: meant.length };
    }
    case 'mail': {
      const address = row.values[action.field];
      const mail = await deps.channels.find(ctx.workspace, 'mail');
      if (!mail?.enabled) return { do: 'mail', none: 'no-channel' };
      if (typeof address !== 'string' || !seesPlain(row, action.field)) return { do: 'mail', none: 'no-address' };
      if (await hasObjected(deps.db, ctx.workspace, row.id, action.purpose, 'mail'))
        return { do: 'mail', none: 'objected' };
      const [subject, text] = [fillTemplate(action.subject, speak), fillTemplate(action.text, speak)];
      const html = `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</p>`;
      plan.alongside.push(async (tx) => {
        const recipient = maskValue(address, { type: 'email' }) ?? '';
        const content = { to: address, subject, text, html };
        await deps.outbox.put(tx, ctx.workspace, {
          channel: 'mail',
          cause: `rule:${firing.id}:${n}`,
          recipient,
          content,
        });
      });
      return { do: 'mail', count: 1 };
    }
  }
}

const ownerOf = (object: ObjectDef, row: Row): string | null => {
  const owner = object.owner === undefined ? null : row.values[object.owner];
  return typeof owner === 'string' ? owner : null;
};

/** The customer a task belongs to, and the contact it is about. */
function belongsTo(object: ObjectDef, row: Row): Record<string, FieldValue> {
  if (object.name === 'customer') return { customer: row.id };
  const customer = object.fields.find((field) => field.name === object.parent && field.target === 'customer');
  const contact = object.name === 'contact' ? row.id : row.values.contact;
  return {
    ...(customer && typeof row.values[customer.name] === 'string' && { customer: row.values[customer.name] ?? null }),
    ...(typeof contact === 'string' && { contact }),
  };
}

function targetOf(scene: Scene, row: Row, on: string | undefined): { object: string; id: string } | null {
  if (on === undefined) return { object: scene.object.name, id: row.id };
  const id = row.values[on];
  const object = findField(scene.object, on)?.target;
  return typeof id === 'string' && object !== undefined ? { object, id } : null;
}

async function rowOf(scene: Scene, target: { object: string; id: string }, row: Row): Promise<Row | null> {
  if (target.id === row.id) return row;
  const seen = await seeRecords(scene.deps.read, scene.ctx, target.object, [target.id]);
  return seen.rows.get(target.id) ?? null;
}

/** `$now` and `$today`, or a text with places. */
function rawOf(value: string, ctx: Ctx, speak: (name: string) => string | undefined): string {
  return value === '$now' || value === '$today' ? ctx.at.toISOString() : fillTemplate(value, speak);
}

/** A text for one person says what he may see. Who may not see the record at all reads dashes. */
async function speakerFor(scene: Scene, account: string, id: string, firing: StoredFiring) {
  const { deps, ctx, object, catalog } = scene;
  const places = placesOf(scene.rule);
  const before = scene.values.get(firing.id)?.before;
  if (places.length === 0) return () => undefined;
  const person = (await scene.portion.accounts()).find((one) => one.id === account);
  if (!person) return () => '';
  const access = await deps.accessOf(ctx.workspace, { id: person.id, role: person.role });
  const his: Ctx = { ...ctx, access };
  const seen = await scene.portion.seen(his, account, object.name, scene.rule.when.on === 'deleted');
  const own: Seen = { rows: new Map([...seen.rows].filter(([one]) => one === id)), titles: seen.titles };
  const related = await seeRelated(deps.read, his, object, own, places);
  return speakerOf(deps, his, catalog, object, seen, id, related, before);
}

async function planProposal(
  scene: Scene,
  row: Row,
  action: Extract<Then, { do: 'propose' }>,
  speak: (name: string) => string | undefined,
  plan: Plan,
): Promise<ActionResult> {
  const { deps, ctx, catalog, rule } = scene;
  const target = targetOf(scene, row, action.on);
  const found = target && (await rowOf(scene, target, row));
  const field = target && findField(findObject(catalog, target.object) ?? scene.object, action.field);
  if (!target || !found || !field) return { do: 'propose', field: action.field, none: 'no-record' };
  const raw = typeof action.value === 'string' ? rawOf(action.value, ctx, speak) : action.value;
  const parsed = parseField(raw, field, deps.env(ctx));
  const before = found.values[action.field] ?? null;
  if (!parsed.ok || JSON.stringify(parsed.value) === JSON.stringify(before))
    return { do: 'propose', field: action.field, none: 'same' };
  const proposal: NewProposal = {
    ...{ at: ctx.at, object: target.object, record: target.id, actor: ctx.actor, source: 'rule' as const },
    ...{
      // What is proposed for another record says where it comes from.
      reason: action.on === undefined ? rule.name : `${rule.name}：${sourceOf(scene.object, row)}`,
      wanted: { [action.field]: parsed.value },
      before: { [action.field]: before },
      version: found.version,
    },
  };
  plan.alongside.push(async (tx) => void (await deps.propose(tx, ctx.workspace, [proposal])));
  return { do: 'propose', object: target.object, id: target.id, field: action.field };
}

const sourceOf = (object: ObjectDef, row: Row): string =>
  `${object.label.zh}“${String(row.values[object.title] ?? '')}”`;

/** What a webhook is told, as far as the rule's author may see it. */
function factsOf(scene: Scene, firing: StoredFiring, row: Row): Record<string, unknown> {
  const { rule, object } = scene;
  const values = scene.values.get(firing.id);
  const plain = (of: Record<string, FieldValue> | undefined) =>
    of && Object.fromEntries(Object.entries(of).filter(([name]) => seesPlain(row, name)));
  return {
    ...{ firing: firing.id, rule: { id: rule.id, name: rule.name }, on: rule.when.on },
    ...{ object: object.name, record: row.id, at: firing.at.toISOString() },
    before: plain(values?.before) ?? null,
    after: plain(values?.after) ?? plain(row.values),
  };
}

/** Whom a team's rule gives these records to. */
export async function giveOut(
  deps: PerformDeps,
  ctx: Ctx,
  rule: Rule,
  object: ObjectDef,
  records: readonly string[],
): Promise<Map<string, string>> {
  const given = new Map<string, string>();
  const action = rule.steps.find((one) => one.do === 'assign');
  if (action?.do !== 'assign' || action.to.who !== 'team' || object.owner === undefined) return given;
  const owner = ident(object.owner);
  const people = await teamLoads(deps.db, ctx.workspace, action.to.team, async (accounts) => {
    const rows = await deps.db.query<{
      account: string;
      n: number;
    }>(sql`select ${owner}::text as account, count(*)::int as n
      from ${tableOf(ctx.workspace, object.name)} where deleted_at is null and ${owner}::text = any(${accounts}::text[]) group by 1`);
    return new Map(rows.map(({ account, n }) => [account, n]));
  });
  if (people.length === 0) return given;
  if (action.to.by === 'even') {
    // In turn: where the last ones stopped, the next one goes on.
    const [row] = await deps.db.query<{ n: number }>(
      sql`select count(*)::int as n from ${tableOf(ctx.workspace, 'automation_firing')} where rule = ${rule.id}::uuid and state = 'done'`,
    );
    for (const [n, record] of records.entries())
      given.set(record, people[((row?.n ?? 0) + n) % people.length]?.account ?? '');
    return given;
  }
  let at = 0;
  for (const [place, share] of shareOut(records.length, people, 'load').entries()) {
    for (const record of records.slice(at, at + share)) given.set(record, people[place]?.account ?? '');
    at += share;
  }
  return given;
}
