import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Rule } from '../../../domain/automation/index.ts';
import type { Outcome } from '../../../domain/change/types.ts';
import { findObject } from '../../../domain/filter/subject.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Log } from '../../platform/log.ts';
import type { Channels } from '../../platform/outgoing/channels.ts';
import type { Outbox } from '../../platform/outgoing/outbox.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';
import type { Propose } from '../proposals/index.ts';
import { ctxOfRule, type FindDeps } from './deps.ts';
import {
  DoneMeanwhile,
  type FiringError,
  giveUp,
  markDone,
  putOff,
  type StoredFiring,
  waitingFirings,
} from './firing-store.ts';
import { giveOut, type Plan, placesOf, planFiring, type Scene } from './plan-actions.ts';
import { openPortion, type Portion } from './portion.ts';
import { seeRelated } from './record-words.ts';
import { type Named, readTouched } from './touched.ts';

export interface PerformDeps extends Omit<FindDeps, 'performSoon'> {
  write: WriteDoor;
  propose: Propose;
  channels: Channels;
  outbox: Pick<Outbox, 'put'>;
  log: Log;
}

/** Firings taken up at a time. */
const PORTION = 500;

/**
 * Does what follows from rules that fired. Every firing is done once and whole: what it writes, whom it tells, what leaves, and the note that it is done are
 * one transaction. Returns whether there may be more.
 */
export async function performFirings(deps: PerformDeps, workspace: string): Promise<boolean> {
  const waiting = await waitingFirings(deps.db, workspace, deps.now(), PORTION);
  if (waiting.length === 0) return false;
  const portion = openPortion(deps, workspace, waiting);
  const latest = await deps.automation.latest(deps.db, workspace);
  const rules = new Map(latest.rules.map((rule) => [rule.id, rule]));
  const groups = new Map<string, StoredFiring[]>();
  for (const firing of waiting) {
    // One change set has one author, the rule, and one chain; what failed before is tried alone.
    const key = `${firing.rule} ${firing.object} ${firing.chain.join()} ${firing.tries > 0 ? firing.id : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), firing]);
  }
  for (const group of groups.values())
    await performGroup(deps, portion, workspace, rules.get(group[0]?.rule ?? ''), group);
  return waiting.length === PORTION;
}

async function performGroup(
  deps: PerformDeps,
  portion: Portion,
  workspace: string,
  rule: Rule | undefined,
  group: readonly StoredFiring[],
): Promise<void> {
  const now = deps.now();
  const skip = (firings: readonly StoredFiring[], code: string) =>
    giveUp(
      deps.db,
      workspace,
      firings.map(({ id }) => id),
      'skipped',
      { code },
      now,
    );
  if (!rule || rule.off) return skip(group, rule ? 'rule-off' : 'rule-gone');
  const ctx = await ctxOfRule({ ...deps, accounts: portion.accounts }, workspace, rule, now);
  if (!ctx) return skip(group, 'author-gone');
  try {
    const catalog = await deps.catalog.get(workspace);
    const object = findObject(catalog, group[0]?.object ?? '');
    if (!object) return await skip(group, 'record-gone');
    const scene = await sceneOf(deps, portion, ctx, rule, catalog, object, group);
    const gone = group.filter(({ record }) => !scene.seen.rows.has(record));
    await skip(gone, 'record-gone');
    const planned: { firing: StoredFiring; plan: Plan }[] = [];
    for (const firing of group) {
      const row = scene.seen.rows.get(firing.record);
      if (row) planned.push({ firing, plan: await planFiring(scene, firing, row) });
    }
    if (planned.length === 0) return;
    const failure = await writePlans(deps, ctx, planned);
    if (failure === null) return;
    const [only] = planned;
    if (planned.length > 1 || !only) {
      // One of them can't be done: each by itself, so that the others are.
      for (const { firing } of planned)
        await performGroup(deps, openPortion(deps, workspace, [firing]), workspace, rule, [firing]);
    } else if (failure.status === 'conflict') await putOff(deps.db, workspace, only.firing, 'conflict', now);
    else await giveUp(deps.db, workspace, [only.firing.id], 'failed', errorOf(failure, catalog), now);
  } catch (error) {
    if (error instanceof DoneMeanwhile) return;
    deps.log.warn({ err: error, rule: rule.id, firings: group.length }, 'rule not carried out');
    for (const firing of group) await putOff(deps.db, workspace, firing, 'internal', now);
  }
}

async function sceneOf(
  deps: PerformDeps,
  portion: Portion,
  ctx: Ctx,
  rule: Rule,
  catalog: Catalog,
  object: ObjectDef,
  group: readonly StoredFiring[],
): Promise<Scene> {
  const ids = [...new Set(group.map(({ record }) => record))];
  const seen = await portion.seen(ctx, rule.author, object.name, rule.when.on === 'deleted');
  const needsValues =
    rule.steps.some(({ do: what }) => what === 'webhook') || placesOf(rule).some((one) => one.startsWith('before.'));
  const named = group.flatMap(({ record, facts, change_set }): (Named & { record: string })[] =>
    facts.version === undefined || change_set === null || !needsValues
      ? []
      : [{ set: { id: change_set } as Named['set'], object, id: record, version: facts.version, record }],
  );
  const touched = named.length === 0 ? [] : await readTouched(deps.read, deps.db, ctx.workspace, named);
  const values: Scene['values'] = new Map();
  for (const firing of group) {
    const one = touched.find(({ id, version }) => id === firing.record && version === firing.facts.version);
    if (one) values.set(firing.id, { before: one.before ?? {}, after: one.after });
  }
  const own = { rows: new Map([...seen.rows].filter(([id]) => ids.includes(id))), titles: seen.titles };
  const related = await seeRelated(deps.read, ctx, object, own, placesOf(rule));
  const given = await giveOut(deps, ctx, rule, object, ids);
  return { deps, portion, ctx, rule, catalog, object, seen, related, values, given };
}

/** @returns the first outcome that stands against it; null: all is done */
async function writePlans(
  deps: PerformDeps,
  ctx: Ctx,
  planned: readonly { firing: StoredFiring; plan: Plan }[],
): Promise<Outcome | null> {
  const done = planned.map(({ firing, plan }) => ({ id: firing.id, touched: plan.touched, results: plan.results }));
  const alongside = planned.flatMap(({ plan }) => plan.alongside);
  const changes = planned.flatMap(({ plan }) => plan.changes);
  if (changes.length === 0) {
    await deps.db.tx(async (tx) => {
      await markDone(tx, ctx.workspace, done, null, ctx.at);
      for (const act of alongside) await act(tx);
    });
    return null;
  }
  let marked = false;
  const { outcomes } = await deps.write.write(ctx, changes, {
    reviewed: true,
    alongside: async (tx, { changeSet }) => {
      marked = true;
      await markDone(tx, ctx.workspace, done, changeSet, ctx.at);
      for (const act of alongside) await act(tx);
    },
  });
  const failure = outcomes.find(({ status }) => status === 'rejected' || status === 'conflict');
  if (!failure && !marked) throw new Error('written without the note that it is done');
  return failure ?? null;
}

function errorOf(outcome: Outcome, catalog: Catalog): FiringError {
  const [issue] = outcome.issues ?? [];
  if (!issue) return { code: outcome.status };
  const object = findObject(catalog, outcome.object);
  return {
    code: issue.code,
    message: { zh: issueSentence(issue, object, 'zh'), en: issueSentence(issue, object, 'en') },
  };
}
