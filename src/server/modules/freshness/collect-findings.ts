import sql, { empty } from 'sql-template-tag';
import { type Finding, findingsOf } from '../../../domain/freshness/observe.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { objectById } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type OutboxSet, type Place, placeAfter, readOutbox } from './outbox.ts';
import type { Plans } from './plans.ts';
import { readSetting } from './settings.ts';

/** Changed records looked at in one transaction. */
const PORTION = 2000;
/** A change of more records than this by one hand is an administrative act and says nothing of the world (an import of a trusted source does). */
const BY_HAND = 1000;

export interface Collecting {
  db: Db;
  plans: Plans;
  workspace: string;
  catalog: Catalog;
}

/** Observations out of what was committed since the last time, each once. Returns whether there may be more. */
export async function collectFindings(run: Collecting): Promise<boolean> {
  const { trusted } = await readSetting(run.db, run.workspace, 'imports');
  return readOutbox(run.db, run.workspace, 'learning', async ({ tx, place, sets }) => {
    let room = PORTION;
    let reached: Place = place;
    for (const set of sets) {
      const stopped = place.record !== null && set.id === place.changeSet ? place.record : null;
      const learned = await meaningOf(tx, run.workspace, set, trusted.length > 0);
      if (learned) {
        const last = await collectSet(run, tx, learned, stopped, trusted, room);
        room -= last.rows;
        if (last.record !== null) return { txid: set.txid, changeSet: set.id, record: last.record };
      }
      reached = placeAfter(set);
      if (room <= 0) break;
    }
    return reached;
  });
}

/** A set to learn from, with the sign it counts with. */
interface Learned {
  id: string;
  weight: 1 | -1;
}

async function meaningOf(tx: Tx, workspace: string, set: OutboxSet, imports: boolean): Promise<Learned | null> {
  if (set.kind === 'undo') return undone(tx, workspace, set.undoes);
  if (set.kind === 'import') return imports ? { id: set.id, weight: 1 } : null;
  if (MOVING.has(set.kind)) return null;
  const counts = Object.values(set.summary.counts ?? {});
  const records = counts.reduce((sum, one) => sum + (one.updated ?? 0) + (one.verified ?? 0), 0);
  return records > 0 && records <= BY_HAND ? { id: set.id, weight: 1 } : null;
}

/** Kinds of set that move old values about; in all others people say how things are. */
const MOVING = new Set(['merge', 'unmerge', 'restore', 'evidence']);

/** What is undone counts with the opposite sign; what is undone twice counts again. */
async function undone(tx: Tx, workspace: string, first: string | null): Promise<Learned | null> {
  let id = first;
  let weight: 1 | -1 = -1;
  for (let depth = 0; id !== null && depth < 20; depth++) {
    const [set] = await tx.query<{ kind: string; undoes: string | null }>(
      sql`select kind, undoes from ${tableOf(workspace, 'change_set')} where id = ${id}`,
    );
    if (!set) return null;
    if (set.kind !== 'undo') return MOVING.has(set.kind) ? null : { id, weight };
    id = set.undoes;
    weight = weight === 1 ? -1 : 1;
  }
  return null;
}

interface DeltaRow extends Record<string, unknown> {
  record: string;
  object: number;
  at: Date;
  actor: string;
  source: string;
  before: Record<string, unknown>;
  base_at: Date;
  base_confidence: number;
  segment: number;
  missing: number[] | null;
}

async function collectSet(
  run: Collecting,
  tx: Tx,
  set: Learned,
  after: string | null,
  trusted: string[],
  room: number,
): Promise<{ rows: number; record: string | null }> {
  const rows = await tx.query<DeltaRow>(sql`
    select d.record, d.object, d.at, d.actor, d.source, d.before, f.base_at, f.base_confidence, f.segment, f.missing
    from ${tableOf(run.workspace, 'delta')} d join ${tableOf(run.workspace, 'freshness')} f on f.record = d.record
    where d.change_set = ${set.id}::uuid and d.kind in ('u', 'v') ${after === null ? empty : sql`and d.record > ${after}::uuid`}
    order by d.record, d.version limit ${room}`);
  const findings = rows.flatMap((row) => {
    const object = objectById(run.catalog, row.object);
    return object ? findingsIn(run, object, row, trusted) : [];
  });
  await insertFindings(tx, run.workspace, findings, set.weight);
  return { rows: rows.length, record: rows.length === room ? (rows.at(-1)?.record ?? null) : null };
}

function findingsIn({ plans, workspace }: Collecting, object: ObjectDef, row: DeltaRow, trusted: string[]): Finding[] {
  const imported = row.source === 'import';
  const fields = object.fields.filter(
    (field) => field.tracked && !field.retired && (!imported || trusted.includes(`${object.name}.${field.name}`)),
  );
  return findingsOf(plans.objectPlan(workspace, object).plan, fields, {
    record: row.record,
    at: row.at,
    actor: row.actor,
    source: row.source,
    before: row.before as Record<string, CellTuple>,
    baseAt: row.base_at,
    baseConfidence: row.base_confidence,
    segment: row.segment,
    missing: row.missing ?? [],
  });
}

async function insertFindings(tx: Tx, workspace: string, findings: Finding[], weight: number): Promise<void> {
  if (findings.length === 0) return;
  const payload = findings.map((finding) => ({ ...finding, at: new Date(finding.at).toISOString() }));
  await tx.query(sql`
    insert into ${tableOf(workspace, 'observation')} (record, field, at, age, born, outcome, predicted, how, actor, weight)
    select record, field, at, age, born, outcome, predicted, how, actor, ${weight}::smallint
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb)
      as x(record uuid, field int, at timestamptz, age real, born real, outcome "char", predicted real, how "char", actor text)`);
}
