import { v7 as uuidv7 } from 'uuid';
import type { Access } from '../../../domain/access/types.ts';
import type { Change } from '../../../domain/change/types.ts';
import { findObject } from '../../../domain/filter/subject.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Row } from '../../records/types.ts';
import type { CampaignRow } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';

/** Nobody works through more before a letter leaves. */
const MOST = 500;
const WORDS = {
  zh: { title: '请确认 {name} 的{field}', remark: '活动“{campaign}”要用到。确认无误请点“已核实”，确认后才会发送。' },
  en: {
    title: 'Confirm the {field} of {name}',
    remark: 'For the campaign “{campaign}”: mark it as verified if it is right. It is sent only then.',
  },
};

export interface ConfirmDeps extends CampaignDeps {
  /** Tasks for colleagues are part of sending, whatever the sender may do with other people's tasks. */
  accessFor: (role: 'admin', catalog: Catalog) => Access;
}

/** Puts the least certain addresses on the lists of those who look after them. @returns how many */
export async function askToConfirm(
  deps: ConfirmDeps,
  ctx: Ctx,
  campaign: CampaignRow,
  people: readonly string[],
): Promise<number> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const task = findObject(catalog, 'task');
  if (!task || task.retired || people.length === 0) return 0;
  const { audience, lang } = campaign.definition;
  const object = objectOf(catalog, audience.of ?? audience.object);
  const field = fieldOf(object, audience.field);
  const system: Ctx = { ...ctx, source: 'rule', access: deps.accessFor('admin', catalog) };
  const rows = await readPeople(deps, system, object, people.slice(0, MOST));
  const owners = await ownersOf(deps, system, catalog, object, rows);
  const words = WORDS[lang];
  const changes = rows.map((row): Change => {
    const name = String(row.values[object.title] ?? '');
    const parent = object.parent === undefined ? null : row.values[object.parent];
    const customer = object.name === 'customer' ? row.id : typeof parent === 'string' ? parent : null;
    const set = {
      title: words.title
        .replace('{name}', name)
        .replace('{field}', field?.label[lang] ?? '')
        .slice(0, 200),
      owner: owners.get(row.id) ?? campaign.owner,
      due_at: (campaign.start_at ?? deps.now()).toISOString(),
      priority: 'high',
      remark: words.remark.replace('{campaign}', campaign.name),
      ...(customer !== null && { customer }),
      ...(object.name === 'contact' && { contact: row.id }),
    };
    const known = Object.entries(set).filter(([one]) =>
      task.fields.some(({ name: is, retired }) => is === one && !retired),
    );
    return { op: 'create', object: 'task', id: uuidv7(), set: Object.fromEntries(known) };
  });
  const { outcomes } = await deps.write.write(system, changes, { atomic: false, reviewed: true });
  return outcomes.filter(({ status }) => status === 'applied').length;
}

async function readPeople(deps: CampaignDeps, ctx: Ctx, object: ObjectDef, ids: readonly string[]): Promise<Row[]> {
  const page = await deps.read.list(ctx, {
    object: object.name,
    filter: { field: '$id', op: 'in', value: [...ids] },
    page: { limit: MOST },
    count: 'none',
  });
  return page.rows;
}

/** Who looks after each: the owner of the record, or of the one that it belongs to. */
async function ownersOf(
  deps: CampaignDeps,
  ctx: Ctx,
  catalog: Catalog,
  object: ObjectDef,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const row of rows) {
    const own = object.owner === undefined ? null : row.values[object.owner];
    if (typeof own === 'string') owners.set(row.id, own);
  }
  const parent = object.parent === undefined ? undefined : fieldOf(object, object.parent);
  const above = parent?.target === undefined ? undefined : findObject(catalog, parent.target);
  if (!parent || !above?.owner) return owners;
  const idOf = (row: Row) => row.values[parent.name];
  const missing = rows.filter((row) => !owners.has(row.id) && typeof idOf(row) === 'string');
  const ids = [...new Set(missing.map((row) => String(idOf(row))))];
  if (ids.length === 0) return owners;
  const parents = new Map((await readPeople(deps, ctx, above, ids)).map((row) => [row.id, row]));
  for (const row of missing) {
    const owner = parents.get(String(idOf(row)))?.values[above.owner];
    if (typeof owner === 'string') owners.set(row.id, owner);
  }
  return owners;
}
