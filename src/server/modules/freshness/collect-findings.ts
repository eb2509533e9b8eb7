import sql, { empty } from 'sql-template-tag';
import { type Finding, findingsOf } from '../../../domain/freshness/observe.ts';
import { cellState } from '../../../domain/freshness/plan.ts';
import { type SoftFinding, softFindingsOf } from '../../../domain/freshness/soft.ts';
import type { CellTuple } from '../../../domain/freshness/tuple.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { objectById } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { BeliefColumns } from '../../records/read/freshness-lens.ts';
import { type OutboxSet, type Place, placeAfter, readOutbox } from './outbox.ts';
import type { Plans } from './plans.ts';
import { readSetting } from './settings.ts';
import { insertSoft, settleFindings, turnSoft } from './soft-store.ts';
import { sourceOf } from './trusted-sources.ts';

/** Reads the outbox under this name. */
export const LEARNER = 'learning';

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
  const { trusted: always, sources } = await readSetting(run.db, run.workspace, 'imports');
  return readOutbox(run.db, run.workspace, LEARNER, async ({ tx, place, sets }) => {
    let room = PORTION;
    let reached: Place = place;
    for (let at = 0; at < sets.length && room > 0; at++) {
      const plain = plainSets(sets, at, place, room);
      const set = plain.at(-1) ?? sets[at];
      if (!set) break;
      if (plain.length > 1) {
        room -= await collectPlain(run, tx, plain, always);
        at += plain.length - 1;
        reached = placeAfter(set);
        continue;
      }
      const stopped = place.record !== null && set.id === place.changeSet ? place.record : null;
      const learned = await meaningOf(tx, run.workspace, set);
      const source = learned?.file == null ? null : sourceOf(sources, learned.file);
      const trusted = [...always, ...(source?.fields ?? [])];
      if (learned && (learned.file === undefined || trusted.length > 0)) {
        const last = await collectSet(run, tx, learned, stopped, trusted, room);
        room -= last.rows;
        if (last.record !== null) return { txid: set.txid, changeSet: set.id, record: last.record };
      }
      reached = placeAfter(set);
    }
    return reached;
  });
}

/** The sets from `at` on that people wrote by hand, as many as there is room for: what single edits tell is read in one go. */
function plainSets(sets: readonly OutboxSet[], at: number, place: Place, room: number): OutboxSet[] {
  const plain: OutboxSet[] = [];
  let records = 0;
  for (const set of sets.slice(at)) {
    const size = sizeOf(set.summary);
    const signalled = Object.values(set.summary.counts ?? {}).some((one) => (one.signalled ?? 0) > 0);
    const special = SPECIAL.has(set.kind);
    const begun = place.record !== null && set.id === place.changeSet;
    if (special || signalled || begun || size > BY_HAND || records + size > room) break;
    records += size;
    plain.push(set);
  }
  return plain;
}

/** What sets of single edits tell, in their order. Returns how many changed records were read. */
async function collectPlain(run: Collecting, tx: Tx, sets: OutboxSet[], trusted: string[]): Promise<number> {
  const ids = sets.map(({ id }) => id);
  const rows = await tx.query<DeltaRow>(sql`
    select ${DELTA_COLUMNS}
    from unnest(${ids}::uuid[]) with ordinality as s(id, place)
    join ${tableOf(run.workspace, 'delta')} d on d.change_set = s.id and d.kind in ('u', 'v')
    join ${tableOf(run.workspace, 'freshness')} f on f.record = d.record
    order by s.place, d.record, d.version`);
  const findings = rows.flatMap((row) => {
    const object = objectById(run.catalog, row.object);
    return object ? findingsIn(run, object, row, trusted) : [];
  });
  await settleFindings(tx, run.workspace, findings, 1);
  await insertFindings(run, tx, findings, 1);
  return rows.length;
}

/** A set to learn from, with the sign it counts with. */
interface Learned {
  id: string;
  weight: 1 | -1;
  /** Of an import: the name of its file, null when it is not known. */
  file?: string | null;
}

async function meaningOf(tx: Tx, workspace: string, set: OutboxSet): Promise<Learned | null> {
  if (set.kind === 'undo') return undone(tx, workspace, set.undoes);
  if (set.kind === 'import') return { id: set.id, weight: 1, file: set.reason };
  if (set.kind === 'evidence') return { id: set.id, weight: 1 };
  if (MOVING.has(set.kind)) return null;
  return isByHand(set.summary) ? { id: set.id, weight: 1 } : null;
}

function isByHand(summary: OutboxSet['summary']): boolean {
  const records = sizeOf(summary);
  return records > 0 && records <= BY_HAND;
}

/** Records changed or looked at. */
function sizeOf(summary: OutboxSet['summary']): number {
  const counts = Object.values(summary.counts ?? {});
  return counts.reduce((sum, one) => sum + (one.updated ?? 0) + (one.verified ?? 0), 0);
}

/** Kinds of set that move old values about, or spell them another way; in all others people, and what outside systems saw, say how things are. */
const MOVING = new Set(['merge', 'unmerge', 'restore', 'standardise']);
/** Kinds that mean something else than what a hand wrote. */
const SPECIAL = new Set([...MOVING, 'undo', 'import', 'evidence']);

/** What is undone counts with the opposite sign; what is undone twice counts again. */
async function undone(tx: Tx, workspace: string, first: string | null): Promise<Learned | null> {
  let id = first;
  let weight: 1 | -1 = -1;
  for (let depth = 0; id !== null && depth < 20; depth++) {
    const [set] = await tx.query<Pick<OutboxSet, 'kind' | 'undoes' | 'reason' | 'summary'>>(
      sql`select kind, undoes, reason, summary from ${tableOf(workspace, 'change_set')} where id = ${id}`,
    );
    if (!set) return null;
    if (set.kind === 'import') return { id, weight, file: set.reason };
    // What was never learned can't be unlearned.
    if (set.kind !== 'undo') {
      const learned = set.kind === 'evidence' || (!MOVING.has(set.kind) && isByHand(set.summary));
      return learned ? { id, weight } : null;
    }
    id = set.undoes;
    weight = weight === 1 ? -1 : 1;
  }
  return null;
}

interface DeltaRow extends BeliefColumns, Record<string, unknown> {
  record: string;
  object: number;
  at: Date;
  actor: string;
  source: string;
  kind: string;
  before: Record<string, unknown>;
}

const DELTA_COLUMNS = sql`d.record, d.object, d.at, d.actor, d.source, d.kind, d.before,
  f.base_at, f.base_confidence, f.segment, f.frailty, f.missing, f.cells`;

async function collectSet(
  run: Collecting,
  tx: Tx,
  set: Learned,
  after: string | null,
  trusted: string[],
  room: number,
): Promise<{ rows: number; record: string | null }> {
  const rows = await tx.query<DeltaRow>(sql`
    select ${DELTA_COLUMNS}
    from ${tableOf(run.workspace, 'delta')} d join ${tableOf(run.workspace, 'freshness')} f on f.record = d.record
    where d.change_set = ${set.id}::uuid and d.kind in ('u', 'v', 'e') ${after === null ? empty : sql`and d.record > ${after}::uuid`}
    order by d.record, d.version limit ${room}`);
  const whole = rows.length < room;
  // The last record may have more changes in this set than were read: it comes again, whole, next time.
  const last = whole ? null : (rows.at(-1)?.record ?? null);
  const full = last === null ? rows : rows.filter((row) => row.record !== last);
  // All of one record: then it is taken as far as it was read, rather than never.
  const taken = full.length > 0 || last === null ? full : rows;
  const findings: Found[] = [];
  const soft: SoftFinding[] = [];
  for (const row of taken) {
    const object = objectById(run.catalog, row.object);
    if (!object) continue;
    if (row.kind === 'e') soft.push(...softIn(run, object, row));
    else findings.push(...findingsIn(run, object, row, trusted));
  }
  // What was undone is known as it was written: between then and now rates may have moved.
  if (set.weight === 1) await insertSoft(tx, run.workspace, set.id, soft);
  else if (after === null) await turnSoft(tx, run.workspace, set.id, set.weight);
  await settleFindings(tx, run.workspace, findings, set.weight);
  await insertFindings(run, tx, findings, set.weight);
  return { rows: rows.length, record: last === null ? null : (taken.at(-1)?.record ?? null) };
}

/** A finding with the cell as it was, where a signal had moved it since it was settled. */
interface Found extends Finding {
  signalled: CellTuple | null;
}

function findingsIn({ plans, workspace }: Collecting, object: ObjectDef, row: DeltaRow, trusted: string[]): Found[] {
  const imported = row.source === 'import';
  const fields = object.fields.filter(
    (field) => field.tracked && !field.retired && (!imported || trusted.includes(`${object.name}.${field.name}`)),
  );
  const { plan } = plans.objectPlan(workspace, object);
  const cells = (row.before.$c ?? {}) as Record<string, CellTuple | null>;
  const state = { baseAt: row.base_at, baseConfidence: row.base_confidence, segment: row.segment };
  return findingsOf(plan, fields, {
    record: row.record,
    at: row.at,
    actor: row.actor,
    source: row.source,
    before: row.before,
    ...state,
    missing: row.missing ?? [],
  }).map((finding) => {
    const cell = cells[finding.field] ?? null;
    const known = { ...state, cells: cell && { [finding.field]: cell }, frailty: row.frailty };
    return {
      ...finding,
      predicted: finding.predicted && (cellState(plan, known, finding.field, row.at)?.confidence ?? null),
      signalled: cell?.[6] === undefined ? null : cell,
    };
  });
}

function softIn({ plans, workspace }: Collecting, object: ObjectDef, row: DeltaRow): SoftFinding[] {
  const [name, fields] = (row.before.$e ?? []) as [kind?: string, fields?: string[]];
  const kind = name === undefined ? undefined : plans.evidenceKind(workspace, name);
  if (!kind || !fields) return [];
  const tracked = object.fields.filter((field) => field.tracked && !field.retired && fields.includes(field.name));
  return tracked.flatMap((field) => {
    // Reported late, it was seen when the cell says; once something came after it, the delta's moment is as near as is known.
    const now = row.cells?.[field.id];
    const seen = now && now[6] === name && now[1] * 1000 < row.at.getTime() ? new Date(now[1] * 1000) : row.at;
    return softFindingsOf(plans.objectPlan(workspace, object).plan, [field], {
      record: row.record,
      at: seen,
      kind,
      fields,
      cells: (row.before.$c ?? {}) as Record<string, CellTuple | null>,
      baseAt: row.base_at,
      baseConfidence: row.base_confidence,
      segment: row.segment,
      frailty: row.frailty,
    });
  });
}

async function insertFindings(
  { plans, workspace }: Collecting,
  tx: Tx,
  findings: readonly Found[],
  weight: number,
): Promise<void> {
  if (findings.length === 0) return;
  const payload = findings.map(({ signalled: _, ...finding }) => ({
    ...finding,
    at: new Date(finding.at).toISOString(),
    // “Still right” from somebody whose word does not always hold is part of a find; a change he found is there to be seen.
    share: finding.how === 'v' && finding.outcome === 'r' ? plans.reliability(workspace, finding.actor) : 1,
  }));
  await tx.query(sql`
    insert into ${tableOf(workspace, 'observation')} (record, field, at, age, born, outcome, predicted, how, actor, weight, share)
    select record, field, at, age, born, outcome, predicted, how, actor, ${weight}::smallint, share
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb)
      as x(record uuid, field int, at timestamptz, age real, born real, outcome "char", predicted real, how "char", actor text, share real)`);
}
