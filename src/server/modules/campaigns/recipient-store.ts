import sql, { type Sql } from 'sql-template-tag';
import type { CampaignLook, LeftOut } from '../../../contract/campaigns.ts';
import { CONFIDENCE_STEPS } from '../../../contract/campaigns.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Letter } from './campaign-store.ts';

/** Row of table `campaign_recipient`. */
export interface RecipientRow {
  id: string;
  campaign: string;
  object: string;
  person: string;
  state: 'looking' | 'excluded' | 'held' | 'ready' | 'queued' | 'sent' | 'bounced' | 'failed' | 'uncertain';
  reason: string | null;
  cohort: Letter | 'rest' | null;
  variant: Letter | null;
  address_key: Buffer | null;
  confidence: number | null;
  stale: boolean;
  queued_at: Date | null;
  sent_at: Date | null;
  opened_at: Date | null;
  clicked_at: Date | null;
  opened_late: Date | null;
  clicked_late: Date | null;
  unsubscribed_at: Date | null;
  bounced_at: Date | null;
  bounce: 'hard' | 'soft' | null;
  bounce_code: string | null;
  told: string[];
  [column: string]: unknown;
}

/** What was found of one recipient. */
export interface Finding {
  id: string;
  state: 'excluded' | 'ready' | 'held';
  reason: LeftOut | null;
  key: string | null;
  confidence: number | null;
  stale: boolean;
}

/** Those still to be looked at. */
export function unlooked(on: Queryable, workspace: string, campaign: string, limit: number): Promise<RecipientRow[]> {
  return on.query<RecipientRow>(sql`select * from ${tableOf(workspace, 'campaign_recipient')}
    where campaign = ${campaign}::uuid and state = 'looking' order by id limit ${limit}`);
}

/** @param from what they must be in: who was called off meanwhile stays so */
export async function keepFindings(
  on: Queryable,
  workspace: string,
  findings: readonly Finding[],
  from: readonly RecipientRow['state'][] = ['looking'],
): Promise<void> {
  if (findings.length === 0) return;
  await on.query(sql`update ${tableOf(workspace, 'campaign_recipient')} r
    set state = x.state, reason = x.reason, address_key = decode(x.key, 'hex'), confidence = x.confidence, stale = x.stale
    from jsonb_to_recordset(${JSON.stringify(findings)}::jsonb)
      as x(id uuid, state text, reason text, key text, confidence real, stale boolean)
    where r.id = x.id and r.state = any(${from})`);
}

/** Two records with one address get one letter: the record that was there first. */
export async function dropDoubles(on: Queryable, workspace: string, campaign: string): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'campaign_recipient')} r set state = 'excluded', reason = 'duplicate'
    from (select id, row_number() over (partition by address_key order by person) as n from ${tableOf(workspace, 'campaign_recipient')}
      where campaign = ${campaign}::uuid and state = 'ready') x
    where r.id = x.id and x.n > 1`);
}

/** Takes those that match out; nothing that left is taken back. */
export async function leaveOut(
  on: Queryable,
  workspace: string,
  campaign: string,
  reason: LeftOut,
  where: Sql = sql`true`,
): Promise<number> {
  const rows =
    await on.query(sql`update ${tableOf(workspace, 'campaign_recipient')} set state = 'excluded', reason = ${reason}
    where campaign = ${campaign}::uuid and state in ('ready', 'held', 'looking') and ${where} returning 1`);
  return rows.length;
}

/** How many are in each state, and left out for each reason. */
export async function countStates(
  on: Queryable,
  workspace: string,
  campaigns: readonly string[],
): Promise<Map<string, { states: Record<string, number>; leftOut: Record<string, number> }>> {
  const rows = await on.query<{ campaign: string; state: string; reason: string | null; n: number }>(sql`
    select campaign, state, reason, count(*)::int as n from ${tableOf(workspace, 'campaign_recipient')}
    where campaign = any(${campaigns}::uuid[]) group by 1, 2, 3`);
  const counted = new Map(
    campaigns.map((id) => [id, { states: {} as Record<string, number>, leftOut: {} as Record<string, number> }]),
  );
  for (const { campaign, state, reason, n } of rows) {
    const one = counted.get(campaign);
    if (!one) continue;
    one.states[state] = (one.states[state] ?? 0) + n;
    if (state === 'excluded' && reason) one.leftOut[reason] = (one.leftOut[reason] ?? 0) + n;
  }
  return counted;
}

/** How far the addresses of those who can be reached are to be believed. */
export async function lookFigures(on: Queryable, workspace: string, campaign: string): Promise<CampaignLook> {
  const [row] = await on.query<{ found: number; reachable: number; stale: number; dead: number; below: number[] }>(sql`
    select count(*)::int as found, count(*) filter (where state <> 'excluded')::int as reachable,
      count(*) filter (where state <> 'excluded' and stale)::int as stale,
      coalesce(sum(1 - confidence) filter (where state <> 'excluded' and stale), 0)::float8 as dead,
      (select array_agg((select count(*)::int from ${tableOf(workspace, 'campaign_recipient')} b where b.campaign = ${campaign}::uuid
        and b.state <> 'excluded' and b.confidence < s) order by s) from unnest(${CONFIDENCE_STEPS}::real[]) s) as below
    from ${tableOf(workspace, 'campaign_recipient')} where campaign = ${campaign}::uuid`);
  const leftOut = (await countStates(on, workspace, [campaign])).get(campaign)?.leftOut ?? {};
  return {
    found: row?.found ?? 0,
    reachable: row?.reachable ?? 0,
    leftOut,
    stale: row?.stale ?? 0,
    likelyDead: row?.dead ?? 0,
    below: row?.below ?? [],
  };
}

/** Some that are to be sent now, each given to one process only. */
export function takeReady(
  tx: Tx,
  workspace: string,
  campaign: string,
  cohorts: readonly string[],
  limit: number,
): Promise<RecipientRow[]> {
  return tx.query<RecipientRow>(sql`select * from ${tableOf(workspace, 'campaign_recipient')}
    where campaign = ${campaign}::uuid and state = 'ready' and cohort = any(${cohorts})
    order by id limit ${limit} for update skip locked`);
}
