import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Label } from '../../../domain/issue.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { TableRow } from '../catalog/columns.ts';
import { tableOf } from '../catalog/names.ts';
import { type OpenRows, openerFor } from '../sealed/open-rows.ts';
import type { Ctx, HistoryEntry } from '../types.ts';
import { all, reachSql, scopeSql } from './filter-sql.ts';
import { modeHere, plainValues, reachOf, type Seen, selectSql, shown } from './row.ts';
import { refuse, type Sight, sightOf } from './scope.ts';
import { ALIAS, envOf, type ReadDeps } from './source.ts';

const KINDS = { u: 'update', d: 'delete', r: 'restore', v: 'verify', e: 'evidence' } as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Delta {
  version: number;
  at: Date;
  actor: string;
  source: string;
  kind: keyof typeof KINDS;
  before: Record<string, FieldValue>;
  change_set: string;
  reason: string | null;
}

/** The set's own columns apart: an object may have fields of these names. */
type Created = TableRow & { created_in: string; $source: string | null; $reason: string | null };

export interface HistoryOptions {
  field?: string;
  limit?: number;
  /** Entries older than this one: its version, or a moment (ISO 8601; up to and including it). */
  before?: string;
  /** Only entries of these kinds, or of this actor. */
  kinds?: readonly HistoryEntry['kind'][];
  actor?: string;
}

/**
 * Changes of one record, newest first, the last one its creation. Deltas hold what was replaced, so what became is what the
 * next newer delta replaced, or the present value. Fields that are hidden for the actor don't occur; masked ones are masked.
 */
export async function history(
  deps: ReadDeps,
  ctx: Ctx,
  name: string,
  id: string,
  options: HistoryOptions = {},
): Promise<HistoryEntry[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const seen = sightOf(ctx, catalog, name);
  const { field } = options;
  if (field !== undefined && !seen.fields.some((one) => one.field.name === field))
    refuse([{ code: 'filter-field', field, params: { field } }]);
  if (!UUID.test(id)) throw new AppError('record-unknown');
  const env = await envOf(deps, ctx, catalog);
  const [row] = await deps.db.query<Created>(sql`
    select ${selectSql(seen.fields, ALIAS, reachSql(ctx.access, seen.object, ALIAS, env))}, t.created_in, c.source as "$source", c.reason as "$reason"
    from ${tableOf(ctx.workspace, name)} t left join ${tableOf(ctx.workspace, 'change_set')} c on c.id = t.created_in
    where ${all([sql`t.id = ${id}::uuid`, scopeSql(ctx.access, seen.object, ALIAS, env)])}`);
  if (!row) throw new AppError('record-unknown');
  const sight = sightOfRow(seen, row);
  const open = openerFor(deps, ctx, sight.object, sight.fields);
  if (open) await open([row]);
  const limit = Math.max(1, Math.min(options.limit ?? 50, 500));
  const kindLabel = (kind: string): Label => env.lens?.kindLabel(kind) ?? { zh: kind, en: kind };
  let batch = await readDeltas(deps, ctx, id, options, limit, open);
  // Values as of the newest entry of this page: the present ones, less what newer deltas replaced.
  const values: Record<string, FieldValue> = {
    ...plainValues(row, sight.fields),
    ...(await replacedSince(deps, ctx, id, batch[0]?.version ?? 1, open)),
  };
  const entries: HistoryEntry[] = [];
  for (;;) {
    for (const delta of batch) {
      const entry = toEntry(ctx, sight, delta, values, field, kindLabel);
      Object.assign(values, valuesOf(delta.before));
      if (entry && isWanted(entry, options)) entries.push(entry);
      if (entries.length === limit) return entries;
    }
    const last = batch.at(-1);
    if (batch.length < limit || !last) break;
    // Changes of hidden fields only left room.
    batch = await readDeltas(deps, ctx, id, { ...options, before: String(last.version) }, limit, open);
  }
  const created = row.created_at as Date;
  if (reaches(created, options.before)) {
    const first = creation(ctx, sight, row, created, values, field);
    if (isWanted(first, options)) entries.push(first);
  }
  return entries;
}

/** Judged after reading: what became of a value is known from the entries between. */
const isWanted = ({ kind, actor }: HistoryEntry, only: HistoryOptions): boolean =>
  (only.kinds?.includes(kind) ?? true) && (only.actor === undefined || only.actor === actor);

/** The fields of this row as the actor sees them, whoever looked after it before. Figures over other records have no past. */
function sightOfRow(sight: Sight, row: TableRow): Sight {
  const reach = reachOf(row);
  const fields = sight.fields.map((one): Seen => ({ field: one.field, mode: modeHere(one, reach) }));
  return { ...sight, fields: fields.filter(({ field, mode }) => mode !== 'hidden' && !field.rollup) };
}

function creation(
  ctx: Ctx,
  sight: Sight,
  row: Created,
  at: Date,
  values: Record<string, FieldValue>,
  only: string | undefined,
): HistoryEntry {
  const set = changes(ctx, sight, Object.keys(values), (key) => [null, values[key] ?? null], only);
  return {
    changeSet: row.created_in,
    version: 1,
    at: at.toISOString(),
    actor: String(row.created_by),
    source: row.$source ?? 'system',
    kind: 'create',
    ...(row.$reason && { reason: row.$reason }),
    fields: set.filter(({ after }) => after !== null),
  };
}

const isVersion = (text: string): boolean => /^\d{1,9}$/.test(text);

function reaches(at: Date, before: string | undefined): boolean {
  if (before === undefined) return true;
  return isVersion(before) ? Number(before) > 1 : at.getTime() <= Date.parse(before);
}

async function readDeltas(
  deps: ReadDeps,
  ctx: Ctx,
  id: string,
  options: HistoryOptions,
  limit: number,
  open: OpenRows | null,
): Promise<Delta[]> {
  const conditions: Sql[] = [sql`d.record = ${id}::uuid`];
  const { field, before } = options;
  if (field !== undefined)
    conditions.push(sql`(d.before ? ${field} or d.before->'$v' ? ${field} or d.before#>'{$e,1}' ? ${field})`);
  if (before !== undefined) {
    if (isVersion(before)) conditions.push(sql`d.version < ${Number(before)}`);
    else if (Number.isNaN(Date.parse(before))) refuse([{ code: 'cursor' }]);
    else conditions.push(sql`d.at <= ${new Date(before)}`);
  }
  const deltas = await deps.db.query<Delta & Record<string, unknown>>(sql`
    select d.version, d.at, d.actor, d.source, d.kind, d.before, d.change_set, c.reason
    from ${tableOf(ctx.workspace, 'delta')} d left join ${tableOf(ctx.workspace, 'change_set')} c on c.id = d.change_set
    where ${all(conditions)} order by d.version desc limit ${limit}`);
  if (open) await open.past(deltas.map(({ before }) => ({ record: id, before })));
  return deltas;
}

/** Values that changes after a version replaced first: those the record had at that version. */
async function replacedSince(
  deps: ReadDeps,
  ctx: Ctx,
  id: string,
  version: number,
  open: OpenRows | null,
): Promise<Record<string, FieldValue>> {
  const rows = await deps.db.query<{ key: string; value: FieldValue }>(sql`
    select distinct on (e.key) e.key, e.value
    from ${tableOf(ctx.workspace, 'delta')} d cross join lateral jsonb_each(d.before) e
    where d.record = ${id}::uuid and d.version > ${version} and d.kind = 'u' order by e.key, d.version`);
  const before = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  if (open) await open.past([{ record: id, before }]);
  return valuesOf(before);
}

/** Old values of a delta, without the engine's own keys (`$v` verified fields, `$e` evidence, `$c` cells, `$deleted_at`). */
function valuesOf(before: Record<string, FieldValue>): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(before).filter(([key]) => !key.startsWith('$')));
}

function toEntry(
  ctx: Ctx,
  sight: Sight,
  delta: Delta,
  values: Record<string, FieldValue>,
  only: string | undefined,
  kindLabel: (kind: string) => Label,
): HistoryEntry | null {
  const kind = KINDS[delta.kind];
  const old = delta.kind === 'u' ? valuesOf(delta.before) : {};
  const [signal, signalled] = evidenceOf(delta.before);
  const names = {
    update: Object.keys(old),
    verify: listOf(delta.before.$v),
    evidence: signalled,
    delete: [],
    restore: [],
  };
  const fields = changes(
    ctx,
    sight,
    names[kind],
    (key) => [(key in old ? old[key] : values[key]) ?? null, values[key] ?? null],
    only,
  );
  // A change of hidden fields only is not there at all.
  if (fields.length === 0 && kind !== 'delete' && kind !== 'restore') return null;
  return {
    changeSet: delta.change_set,
    version: delta.version,
    at: delta.at.toISOString(),
    actor: delta.actor,
    source: delta.source,
    kind,
    ...(delta.reason && { reason: delta.reason }),
    ...(kind === 'evidence' && signal !== undefined && { evidence: { kind: signal, label: kindLabel(signal) } }),
    fields,
  };
}

/** `$e` of a delta: [kind, names of the fields it moved]. */
function evidenceOf(before: Record<string, FieldValue>): [kind: string | undefined, fields: string[]] {
  const found: unknown = before.$e;
  if (!Array.isArray(found)) return [undefined, []];
  return [typeof found[0] === 'string' ? found[0] : undefined, listOf(found[1])];
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value : [];
}

function changes(
  ctx: Ctx,
  sight: Sight,
  names: string[],
  valueAt: (name: string) => [before: FieldValue, after: FieldValue],
  only: string | undefined,
): HistoryEntry['fields'] {
  const seen = new Map<string, Seen>(sight.fields.map((one) => [one.field.name, one]));
  return names.flatMap((name) => {
    const one = seen.get(name);
    if (!one || (only !== undefined && only !== name)) return [];
    const [before, after] = valueAt(name);
    return [{ field: name, before: shown(before, one, ctx.lang), after: shown(after, one, ctx.lang) }];
  });
}
