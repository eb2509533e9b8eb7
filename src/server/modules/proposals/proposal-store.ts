import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Source } from '../../../domain/change/types.ts';
import { confidenceOf, type HoldReason, originsOf, trustOf } from '../../../domain/review/index.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { followRecords } from './follow-records.ts';

/** A change that waits for a person. Values are canonical: they went through the door's parser. */
export interface NewProposal {
  at: Date;
  object: string;
  record: string;
  actor: string;
  source: Source;
  reason: string | null;
  wanted: Record<string, FieldValue>;
  before: Record<string, FieldValue>;
  /** Version of the record that the proposer saw. */
  version: number;
  /** By field: why it was held, when it is not for its source. */
  suspicions?: Record<string, HoldReason> | null;
  /** By field: probability that the new value is right, 0..1; absent: what the source's word is worth. */
  confidence?: Record<string, number>;
}

export interface StoredProposal extends Omit<NewProposal, 'confidence'> {
  id: string;
  state: 'held' | 'accepted' | 'rejected';
  /** Fields nobody has decided on yet. */
  open: string[];
  origins: string[];
  confidence: Record<string, number>;
  stale: string[];
  owner: string | null;
  [column: string]: unknown;
}

/** Holds changes for review, in the transaction of what caused them. */
export async function insertProposals(
  tx: Tx,
  workspace: string,
  catalog: Catalog,
  proposals: readonly NewProposal[],
): Promise<string[]> {
  if (proposals.length === 0) return [];
  const rows = proposals.map((one) => ({
    ...one,
    id: uuidv7(),
    open: Object.keys(one.wanted),
    suspicions: one.suspicions ?? null,
    origins: originsOf(one.source, Object.values(one.suspicions ?? {})),
    confidence: Object.fromEntries(
      Object.keys(one.wanted).map((name) => [
        name,
        one.confidence?.[name] ?? confidenceOf(trustOf(one.source), one.suspicions?.[name]),
      ]),
    ),
  }));
  await tx.query(sql`insert into ${tableOf(workspace, 'proposal')}
    (id, at, object, record, actor, source, reason, wanted, before, version, suspicions, open, origins, confidence)
    select id, at, object, record, actor, source, reason, wanted, before, version, nullif(suspicions, 'null'::jsonb), open, origins, confidence
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, at timestamptz, object text, record uuid, actor text,
      source text, reason text, wanted jsonb, before jsonb, version int, suspicions jsonb, open text[], origins text[], confidence jsonb)`);
  const ids = rows.map(({ id }) => id);
  await followRecords(tx, workspace, catalog, { proposals: ids });
  return ids;
}

export async function findProposals(
  on: Queryable,
  workspace: string,
  ids: readonly string[],
): Promise<Map<string, StoredProposal>> {
  const rows = await on.query<StoredProposal>(
    sql`select * from ${tableOf(workspace, 'proposal')} where id = any(${ids}::uuid[])`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** One field of a proposal, decided. */
export interface Decided {
  proposal: string;
  field: string;
  decision: 'accepted' | 'rejected';
  meant: boolean;
}

export interface Stroke {
  /** What is decided at one stroke is undone at one. */
  batch: string;
  at: Date;
  by: string;
  note: string | null;
  changeSet: string | null;
  rule: { id: string; version: number } | null;
}

/** Writes decisions down. Throws `proposal-decided` when somebody was faster with any of them. */
export async function keepDecisions(tx: Tx, workspace: string, stroke: Stroke, decided: Decided[]): Promise<void> {
  if (decided.length === 0) return;
  const [proposals, decisions] = [tableOf(workspace, 'proposal'), tableOf(workspace, 'proposal_decision')];
  const rows = JSON.stringify(decided.map((one) => ({ ...one, id: uuidv7() })));
  // In the order of their ids: two people deciding the same ones wait for each other instead of locking each other out.
  const open = await tx.query<{ id: string; open: string[] }>(
    sql`select id, open from ${proposals} where id = any(${decided.map(({ proposal }) => proposal)}::uuid[]) order by id for update`,
  );
  const left = new Map(open.map((row) => [row.id, new Set(row.open)]));
  if (decided.some(({ proposal, field }) => !left.get(proposal)?.has(field))) throw new AppError('proposal-decided');
  const { batch, at, by, note, changeSet, rule } = stroke;
  await tx.query(sql`insert into ${decisions} (id, batch, proposal, field, at, by, decision, meant, note, change_set, rule, rules_version)
    select id, ${batch}::uuid, proposal, field, ${at}::timestamptz, ${by}, decision, meant, ${note}, ${changeSet}::uuid,
      ${rule?.id ?? null}::uuid, ${rule?.version ?? null}::int
    from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, proposal uuid, field text, decision text, meant boolean)`);
  await tx.query(sql`update ${proposals} p set open = r.rest, decided_at = ${at}::timestamptz, decided_by = ${by},
      note = coalesce(${note}, p.note), change_set = coalesce(${changeSet}::uuid, p.change_set),
      state = case when cardinality(r.rest) > 0 then 'held'
        when exists (select from ${decisions} d where d.proposal = p.id and d.decision = 'accepted' and d.undone_at is null) then 'accepted'
        else 'rejected' end
    from (select p.id, array(select unnest(p.open) except select d.field
        from jsonb_to_recordset(${rows}::jsonb) as d(proposal uuid, field text) where d.proposal = p.id) as rest
      from ${proposals} p where p.id = any(${decided.map(({ proposal }) => proposal)}::uuid[])) r
    where p.id = r.id`);
}
