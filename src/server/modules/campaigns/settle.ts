import sql from 'sql-template-tag';
import { isHardRefusal } from '../../../domain/campaigns/index.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CampaignDeps } from './deps.ts';

interface Left {
  id: string;
  state: 'sent' | 'failed' | 'uncertain';
  finished_at: Date;
  last_error: string | null;
  [column: string]: unknown;
}

const PORTION = 1000;

/** Campaigns with letters on the way, also those that were stopped or called off meanwhile. */
export async function onTheWay({ db }: Pick<CampaignDeps, 'db'>, workspace: string): Promise<string[]> {
  const rows = await db.query<{ campaign: string }>(
    sql`select distinct campaign from ${tableOf(workspace, 'campaign_recipient')} where state = 'queued'`,
  );
  return rows.map(({ campaign }) => campaign);
}

/** Notes what became of letters that were handed to the outbox: taken, refused at once, or broken off. */
export async function settleLetters(
  deps: Pick<CampaignDeps, 'db'>,
  workspace: string,
  campaign: string,
): Promise<void> {
  const recipients = tableOf(workspace, 'campaign_recipient');
  for (;;) {
    const left = await deps.db.query<Left>(sql`
      select r.id, o.state, o.finished_at, o.last_error from ${recipients} r
      join xianke.outgoing o on o.workspace = ${workspace} and o.cause = 'campaign:' || r.id
      where r.campaign = ${campaign}::uuid and r.state = 'queued' and o.state in ('sent', 'failed', 'uncertain') limit ${PORTION}`);
    if (left.length === 0) return;
    await deps.db.query(sql`update ${recipients} r set state = x.state, reason = x.reason, sent_at = x.sent, bounced_at = coalesce(r.bounced_at, x.bounced),
        bounce = coalesce(r.bounce, x.bounce), bounce_code = coalesce(r.bounce_code, x.code)
      from jsonb_to_recordset(${JSON.stringify(left.map(outcomeOf))}::jsonb)
        as x(id uuid, state text, reason text, sent timestamptz, bounced timestamptz, bounce text, code text)
      where r.id = x.id and r.state = 'queued'`);
    if (left.length < PORTION) return;
  }
}

function outcomeOf({ id, state, finished_at, last_error }: Left) {
  const at = finished_at.toISOString();
  if (state !== 'failed') return { id, state, sent: at };
  if (last_error === 'consent withdrawn') return { id, state: 'excluded', reason: 'unsubscribed' };
  if (last_error === 'erased') return { id, state: 'excluded', reason: 'erased' };
  // Only at the address: a refusal of the content says nothing of the mailbox.
  const refused = /^EENVELOPE (\d{3})$/.exec(last_error ?? '')?.[1];
  if (refused !== undefined && isHardRefusal(Number(refused)))
    return { id, state: 'bounced', sent: at, bounced: at, bounce: 'hard', code: refused };
  return { id, state: 'failed', code: last_error };
}
