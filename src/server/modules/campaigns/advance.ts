import sql from 'sql-template-tag';
import { trialOf } from '../../../domain/campaigns/index.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { busyCampaigns, type CampaignRow, moveCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { lookAtAudience } from './look-at-audience.ts';
import { figuresOf } from './results.ts';
import { cohortsOf, sendLetters } from './send-letters.ts';
import { onTheWay, settleLetters } from './settle.ts';

const HOUR = 3_600_000;

/** Does for every campaign what its state asks for. Run again after a kill it goes on where it stood. */
export async function advanceCampaigns(deps: CampaignDeps, workspace: string, signal: AbortSignal): Promise<void> {
  for (const campaign of await onTheWay(deps, workspace)) await settleLetters(deps, workspace, campaign);
  for (const campaign of await busyCampaigns(deps.db, workspace)) {
    if (signal.aborted) return;
    await advance(deps, workspace, campaign, signal);
  }
}

async function advance(
  deps: CampaignDeps,
  workspace: string,
  campaign: CampaignRow,
  signal: AbortSignal,
): Promise<void> {
  const { id, state, start_at } = campaign;
  const now = deps.now();
  switch (state) {
    case 'checking':
      return lookAtAudience(deps, workspace, campaign, signal);
    case 'waiting':
      return backIfRefused(deps, workspace, campaign);
    case 'scheduled': {
      if (start_at && start_at > now) return;
      const begun = await moveCampaign(
        deps.db,
        workspace,
        id,
        ['scheduled'],
        'sending',
        sql`started_at = coalesce(started_at, ${now})`,
      );
      return begun ? send(deps, workspace, begun, signal) : undefined;
    }
    case 'sending':
      return send(deps, workspace, campaign, signal);
    case 'testing':
      return decideByClock(deps, workspace, campaign);
    default:
      return;
  }
}

/** Somebody said no, or nobody said anything in time: it can be changed and sent again. */
async function backIfRefused({ db }: CampaignDeps, workspace: string, { id, approval }: CampaignRow): Promise<void> {
  const [row] = await db.query<{ state: string }>(
    sql`select state from ${tableOf(workspace, 'approval')} where id = ${approval}::uuid`,
  );
  if (row && ['refused', 'withdrawn', 'lapsed', 'failed'].includes(row.state))
    await moveCampaign(
      db,
      workspace,
      id,
      ['waiting'],
      'checked',
      sql`problem = 'campaign-refused'`,
      sql`approval = null`,
    );
}

async function send(deps: CampaignDeps, workspace: string, campaign: CampaignRow, signal: AbortSignal): Promise<void> {
  await sendLetters(deps, workspace, campaign, signal);
  const [left] = await deps.db.query<{ ready: number; rest: number; queued: number }>(sql`
    select count(*) filter (where state = 'ready' and cohort = any(${cohortsOf(campaign)}))::int as ready,
      count(*) filter (where state = 'ready')::int as rest, count(*) filter (where state = 'queued')::int as queued
    from ${tableOf(workspace, 'campaign_recipient')} where campaign = ${campaign.id}::uuid`);
  if (!left || left.ready > 0 || signal.aborted) return;
  const now = deps.now();
  if (left.rest > 0)
    await moveCampaign(deps.db, workspace, campaign.id, ['sending'], 'testing', sql`tested_at = ${now}`);
  else if (left.queued === 0)
    await moveCampaign(deps.db, workspace, campaign.id, ['sending'], 'sent', sql`finished_at = ${now}`);
}

/** The time of the trial is over: whichever letter is ahead goes to the rest, also where chance could have put it there. */
async function decideByClock(deps: CampaignDeps, workspace: string, campaign: CampaignRow): Promise<void> {
  const { tested_at, definition } = campaign;
  const { hours, by } = definition.split;
  if (hours === 0 || !tested_at || deps.now().getTime() < tested_at.getTime() + hours * HOUR) return;
  const { variants } = await figuresOf(deps.db, workspace, campaign.id);
  const { leader } = trialOf(groupOf(variants.a, by), groupOf(variants.b, by));
  await moveCampaign(
    deps.db,
    workspace,
    campaign.id,
    ['testing'],
    'sending',
    sql`winner = ${leader}`,
    sql`winner_by = null`,
  );
  await deps.workSoon(deps.db);
}

/** Of those who got a letter, those who did what it is measured by. */
export const groupOf = (
  { delivered, opened, clicked }: { delivered: number; opened: number; clicked: number },
  by: 'clicks' | 'opens',
): { hits: number; n: number } => ({ hits: by === 'clicks' ? clicked : opened, n: delivered });
