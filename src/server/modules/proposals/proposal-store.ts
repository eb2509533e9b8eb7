import sql, { empty } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Suspicion } from '../../../domain/anomaly/index.ts';
import type { Source } from '../../../domain/change/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

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
  /** By field: why it was held; for values out of pattern. */
  suspicions?: Record<string, Suspicion> | null;
}

export interface StoredProposal extends NewProposal {
  id: string;
  state: 'held' | 'accepted' | 'rejected';
  decided_at: Date | null;
  decided_by: string | null;
  note: string | null;
  change_set: string | null;
  [column: string]: unknown;
}

/** Holds a change for review, in the transaction of what caused it. */
export async function propose(tx: Tx, workspace: string, proposal: NewProposal): Promise<string> {
  const id = uuidv7();
  await tx.query(sql`insert into ${tableOf(workspace, 'proposal')}
    (id, at, object, record, actor, source, reason, wanted, before, version, suspicions)
    values (${id}, ${proposal.at}, ${proposal.object}, ${proposal.record}, ${proposal.actor}, ${proposal.source}, ${proposal.reason},
      ${JSON.stringify(proposal.wanted)}, ${JSON.stringify(proposal.before)}, ${proposal.version},
      ${proposal.suspicions ? JSON.stringify(proposal.suspicions) : null})`);
  return id;
}

export async function listProposals(
  on: Queryable,
  workspace: string,
  query: { state?: string | undefined; record?: string | undefined; before?: string | undefined; limit: number },
): Promise<StoredProposal[]> {
  return on.query<StoredProposal>(sql`select * from ${tableOf(workspace, 'proposal')} where true
    ${query.state === undefined ? empty : sql`and state = ${query.state}`}
    ${query.record === undefined ? empty : sql`and record = ${query.record}`}
    ${query.before === undefined ? empty : sql`and id < ${query.before}`}
    order by id desc limit ${query.limit}`);
}

export async function findProposal(on: Queryable, workspace: string, id: string): Promise<StoredProposal | null> {
  const [row] = await on.query<StoredProposal>(sql`select * from ${tableOf(workspace, 'proposal')} where id = ${id}`);
  return row ?? null;
}

/** @returns false when someone decided first */
export async function decideProposal(
  tx: Tx,
  workspace: string,
  id: string,
  decision: {
    state: 'accepted' | 'rejected';
    at: Date;
    by: string;
    note?: string | undefined;
    changeSet?: string | null;
  },
): Promise<boolean> {
  const rows =
    await tx.query(sql`update ${tableOf(workspace, 'proposal')} set state = ${decision.state}, decided_at = ${decision.at},
      decided_by = ${decision.by}, note = ${decision.note ?? null}, change_set = ${decision.changeSet ?? null}
    where id = ${id} and state = 'held' returning id`);
  return rows.length > 0;
}
