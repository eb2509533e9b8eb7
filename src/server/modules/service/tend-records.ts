import sql from 'sql-template-tag';
import type { ServiceSettings } from '../../../contract/service.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { worstOf } from '../../../domain/service/index.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type ServiceDeps, systemCtx } from './deps.ts';
import { type ClockReading, clockReader, type Past, readPasts } from './read-clocks.ts';
import { readService } from './settings.ts';

/** Change sets of this kind are the clocks' own. */
export const KIND = 'service';
/** Records written in one transaction. */
const PORTION = 100;

interface Due {
  record: string;
  object: string;
  /** As text: it is compared with what it is later, to the microsecond. */
  seen: string;
  [column: string]: unknown;
}

interface Stored {
  record: string;
  clock: string;
  wrote: Date | null;
  [column: string]: unknown;
}

/**
 * Works out the clocks of the next records whose time has come, puts what they say into the records through the write door, and when to look again,
 * in one transaction. Done twice it writes nothing; a record that changes meanwhile is looked at again. Returns whether there may be more.
 */
export async function tendRecords(deps: ServiceDeps, workspace: string): Promise<boolean> {
  const now = deps.now();
  const due =
    await deps.db.query<Due>(sql`select record, object, next_at::text as seen from ${tableOf(workspace, 'service_due')}
    where next_at <= ${now} order by next_at, record limit ${PORTION}`);
  if (due.length === 0) return false;
  const settings = await readService(deps.db, workspace);
  const catalog = await deps.catalog.get(workspace);
  for (const name of new Set(due.map(({ object }) => object))) {
    const group = due.filter((one) => one.object === name);
    const object = catalog.objects.find((one) => one.name === name && !one.retired);
    if (object) await tendObject(deps, workspace, settings, object, group, now);
    else await deps.db.tx((tx) => forget(tx, workspace, group));
  }
  return due.length === PORTION;
}

async function tendObject(
  deps: ServiceDeps,
  workspace: string,
  settings: ServiceSettings,
  object: ObjectDef,
  due: readonly Due[],
  now: Date,
): Promise<void> {
  const catalog = await deps.catalog.get(workspace);
  const ids = due.map(({ record }) => record);
  const pasts = await readPasts(deps.db, workspace, object, ids);
  const stored = await deps.db.query<Stored>(
    sql`select record, clock, wrote from ${tableOf(workspace, 'service_clock')} where record = any(${ids}::uuid[])`,
  );
  const wrote = new Map(stored.map((row) => [`${row.record} ${row.clock}`, row.wrote]));
  const read = clockReader(settings, { ...deps.env({ at: now }), catalog, object });
  const changes: Change[] = [];
  const kept: Kept[] = [];
  for (const past of pasts) {
    const byHand = handsOf(settings, object, past, (clock) => wrote.get(`${past.id} ${clock}`) ?? null);
    const readings = read(past, byHand);
    const set = whatToSet(settings, object, past, readings, byHand);
    if (Object.keys(set).length > 0) changes.push({ op: 'update', object: object.name, id: past.id, set });
    kept.push({ record: past.id, readings, byHand });
  }
  const save = async (tx: Tx) => {
    await keep(tx, workspace, kept);
    await again(tx, workspace, due, kept);
  };
  let saved = false;
  if (changes.length > 0)
    await deps.write.write(await systemCtx(deps, workspace, now), changes, {
      kind: KIND,
      atomic: false,
      reviewed: true,
      alongside: async (tx) => {
        saved = true;
        await save(tx);
      },
    });
  // Nothing to write, or nothing that could be written.
  if (!saved) await deps.db.tx(save);
}

interface Kept {
  record: string;
  readings: ClockReading[];
  byHand: Record<string, Date>;
}

const momentOf = (value: unknown): number | null => (typeof value === 'string' ? Date.parse(value) : null);

/** Times that somebody else put into the record: they stay until they are cleared. */
function handsOf(
  { clocks }: ServiceSettings,
  object: ObjectDef,
  { values }: Past,
  wrote: (clock: string) => Date | null,
): Record<string, Date> {
  const hands: Record<string, Date> = {};
  for (const { id, object: of, due } of clocks) {
    const there = of === object.name ? momentOf(values[due]) : null;
    if (there !== null && there !== wrote(id)?.getTime()) hands[id] = new Date(there);
  }
  return hands;
}

function whatToSet(
  { clocks, states }: ServiceSettings,
  object: ObjectDef,
  { values }: Past,
  readings: readonly ClockReading[],
  byHand: Record<string, Date>,
): Record<string, string | null> {
  const set: Record<string, string | null> = {};
  const put = (name: string, value: string | null) => {
    const field = fieldOf(object, name);
    if (field && !field.retired) set[name] = value;
  };
  for (const { id, due, object: of, off } of clocks) {
    if (of !== object.name || off || byHand[id]) continue;
    const wanted = readings.find(({ clock }) => clock.id === id)?.reading.due ?? null;
    if ((wanted?.getTime() ?? null) !== momentOf(values[due])) put(due, wanted?.toISOString() ?? null);
  }
  const field = states.find((one) => one.object === object.name)?.field;
  const state = worstOf(readings.map((one) => one.state));
  if (field !== undefined && (values[field] ?? null) !== state) put(field, state);
  return set;
}

async function keep(tx: Tx, workspace: string, kept: readonly Kept[]): Promise<void> {
  const table = tableOf(workspace, 'service_clock');
  const rows = kept.flatMap(({ record, readings, byHand }) =>
    readings.map(({ clock, reading, state, target }) => ({
      record,
      clock: clock.id,
      phase: reading.phase,
      state,
      due: reading.due,
      done_at: reading.doneAt,
      spent: reading.spent,
      target,
      wrote: byHand[clock.id] ? null : reading.due,
    })),
  );
  await tx.query(sql`delete from ${table} where record = any(${kept.map(({ record }) => record)}::uuid[])`);
  await tx.query(sql`insert into ${table} (record, clock, phase, state, due, done_at, spent, target, wrote)
    select x.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(record uuid, clock text, phase text, state text, due timestamptz,
      done_at timestamptz, spent bigint, target bigint, wrote timestamptz)`);
}

/** When to look again. A row that was asked for anew meanwhile stays as it is. */
async function again(tx: Tx, workspace: string, due: readonly Due[], kept: readonly Kept[]): Promise<void> {
  const table = tableOf(workspace, 'service_due');
  const next = new Map(
    kept.map(({ record, readings }) => {
      const times = readings.flatMap(({ nextAt }) => (nextAt ? [nextAt.getTime()] : []));
      return [record, times.length > 0 ? new Date(Math.min(...times)) : null] as const;
    }),
  );
  const rows = due.map(({ record, seen }) => ({ record, seen, next: next.get(record) ?? null }));
  const seen = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(record uuid, seen timestamptz, next timestamptz)`;
  await tx.query(
    sql`delete from ${table} d using ${seen} where d.record = x.record and d.next_at = x.seen and x.next is null`,
  );
  await tx.query(
    sql`update ${table} d set next_at = x.next from ${seen} where d.record = x.record and d.next_at = x.seen and x.next is not null`,
  );
}

async function forget(tx: Tx, workspace: string, due: readonly Due[]): Promise<void> {
  await tx.query(
    sql`delete from ${tableOf(workspace, 'service_due')} where record = any(${due.map(({ record }) => record)}::uuid[])`,
  );
}
