import { isDeepStrictEqual } from 'node:util';
import sql, { join, type Sql } from 'sql-template-tag';
import type { Campaign, CampaignInput } from '../../../contract/campaigns.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export type CampaignState = Campaign['state'];
export type Letter = 'a' | 'b';

/** What was decided about addresses past due. */
export interface GateChoice {
  how: 'all' | 'leave-out' | 'confirm';
  below: number | null;
  at: string;
  by: string;
}

/** Row of table `campaign`. */
export interface CampaignRow {
  id: string;
  name: string;
  kind: CampaignInput['kind'];
  state: CampaignState;
  version: number;
  owner: string;
  definition: Omit<CampaignInput, 'name' | 'kind'>;
  checked_at: Date | null;
  found_by: { filter: Filter | null } | null;
  gate: GateChoice | null;
  start_at: Date | null;
  origin: string | null;
  approval: string | null;
  winner: Letter | null;
  winner_by: string | null;
  tested_at: Date | null;
  problem: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  [column: string]: unknown;
}

/** States in which nothing has left, so that everything may still be changed. */
export const OPEN: readonly CampaignState[] = ['draft', 'checked'];
/** States in which something is to be done without anybody asking again. */
const BUSY: readonly CampaignState[] = ['checking', 'waiting', 'scheduled', 'sending', 'testing'];

export async function readCampaign(on: Queryable, workspace: string, id: string): Promise<CampaignRow> {
  const [row] = await on.query<CampaignRow>(
    sql`select * from ${tableOf(workspace, 'campaign')} where id = ${id}::uuid`,
  );
  if (!row) throw new AppError('not-found');
  return row;
}

const SHOWN = 200;

export function listCampaigns(on: Queryable, workspace: string): Promise<CampaignRow[]> {
  return on.query<CampaignRow>(
    sql`select * from ${tableOf(workspace, 'campaign')} order by created_at desc, id limit ${SHOWN}`,
  );
}

/** Those that wait for work, oldest first. */
export function busyCampaigns(on: Queryable, workspace: string): Promise<CampaignRow[]> {
  return on.query<CampaignRow>(
    sql`select * from ${tableOf(workspace, 'campaign')} where state = any(${BUSY}) order by started_at nulls first, created_at`,
  );
}

/** Makes it or changes it, as long as nothing has begun. Throws `conflict` when somebody else was faster. */
export async function saveCampaign(
  tx: Tx,
  workspace: string,
  id: string,
  { name, kind, ...definition }: CampaignInput,
  version: number,
  by: { owner: string; at: Date },
): Promise<CampaignRow> {
  const table = tableOf(workspace, 'campaign');
  const text = JSON.stringify(definition);
  if (version === 0) {
    const [row] = await tx.query<CampaignRow>(sql`insert into ${table} (id, name, kind, owner, definition, created_at)
      values (${id}::uuid, ${name}, ${kind}, ${by.owner}, ${text}::jsonb, ${by.at}) on conflict (id) do nothing returning *`);
    if (!row) throw new AppError('conflict');
    return row;
  }
  const [before] = await tx.query<CampaignRow>(sql`select * from ${table} where id = ${id}::uuid for update`);
  if (!before) throw new AppError('not-found');
  if (!OPEN.includes(before.state)) throw new AppError('campaign-begun');
  if (before.version !== version) throw new AppError('conflict');
  // Another audience, address or purpose is not what was looked at.
  const same =
    kind === before.kind &&
    definition.purpose === before.definition.purpose &&
    isDeepStrictEqual(definition.audience, before.definition.audience);
  if (!same) await tx.query(sql`delete from ${tableOf(workspace, 'campaign_recipient')} where campaign = ${id}::uuid`);
  const [row] = await tx.query<CampaignRow>(sql`
    update ${table} set name = ${name}, kind = ${kind}, definition = ${text}::jsonb, version = version + 1,
      state = case when ${same}::boolean then state else 'draft' end, checked_at = case when ${same}::boolean then checked_at end,
      problem = null
    where id = ${id}::uuid returning *`);
  if (!row) throw new AppError('not-found');
  return row;
}

/** Moves it on from one of these states; null: it was in none of them. @param set columns besides the state */
export async function moveCampaign(
  on: Queryable,
  workspace: string,
  id: string,
  from: readonly CampaignState[],
  to: CampaignState,
  ...set: Sql[]
): Promise<CampaignRow | null> {
  const columns = join([sql`state = ${to}`, ...set], ', ');
  const [row] = await on.query<CampaignRow>(sql`
    update ${tableOf(workspace, 'campaign')} set ${columns} where id = ${id}::uuid and state = any(${from}) returning *`);
  return row ?? null;
}

export async function removeCampaign(on: Queryable, workspace: string, id: string): Promise<void> {
  const rows = await on.query(sql`delete from ${tableOf(workspace, 'campaign')} c where id = ${id}::uuid
    and state = any(${['draft', 'checked', 'checking', 'cancelled']})
    and not exists (select from ${tableOf(workspace, 'campaign_recipient')} r where r.campaign = c.id and r.queued_at is not null)
    returning id`);
  if (rows.length > 0) return;
  await readCampaign(on, workspace, id);
  throw new AppError('campaign-begun');
}
