import sql from 'sql-template-tag';
import type { CampaignFigures } from '../../../contract/campaigns.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Letter } from './campaign-store.ts';

const NONE: CampaignFigures = { sent: 0, delivered: 0, opened: 0, clicked: 0, unsubscribed: 0, bounced: 0 };

type Counted = CampaignFigures & { campaign: string; variant: Letter | null; [column: string]: unknown };

/** What came of the letters of campaigns, by campaign and letter. A letter that was clicked was opened, whatever its picture says. */
async function count(on: Queryable, workspace: string, campaigns: readonly string[]): Promise<Counted[]> {
  return on.query<Counted>(sql`
    select campaign, variant, count(*)::int as sent, count(*) filter (where bounce is null)::int as delivered,
      count(*) filter (where opened_at is not null or clicked_at is not null)::int as opened,
      count(*) filter (where clicked_at is not null)::int as clicked, count(*) filter (where unsubscribed_at is not null)::int as unsubscribed,
      count(*) filter (where bounce is not null)::int as bounced
    from ${tableOf(workspace, 'campaign_recipient')} where campaign = any(${campaigns}::uuid[]) and sent_at is not null group by 1, 2`);
}

function add(all: readonly CampaignFigures[]): CampaignFigures {
  return all.reduce(
    (sum, one) => ({
      sent: sum.sent + one.sent,
      delivered: sum.delivered + one.delivered,
      opened: sum.opened + one.opened,
      clicked: sum.clicked + one.clicked,
      unsubscribed: sum.unsubscribed + one.unsubscribed,
      bounced: sum.bounced + one.bounced,
    }),
    NONE,
  );
}

export async function figuresByCampaign(
  on: Queryable,
  workspace: string,
  campaigns: readonly string[],
): Promise<Map<string, CampaignFigures>> {
  const counted = await count(on, workspace, campaigns);
  return new Map(campaigns.map((id) => [id, add(counted.filter(({ campaign }) => campaign === id))]));
}

export async function figuresOf(
  on: Queryable,
  workspace: string,
  campaign: string,
): Promise<{ all: CampaignFigures; variants: Record<Letter, CampaignFigures> }> {
  const counted = await count(on, workspace, [campaign]);
  const of = (letter: Letter) => add(counted.filter(({ variant }) => variant === letter));
  return { all: add(counted), variants: { a: of('a'), b: of('b') } };
}

/** How often each address in the letters was followed, and by how many. */
export async function clicksOf(
  on: Queryable,
  workspace: string,
  campaign: string,
): Promise<{ url: string; variant: Letter; people: number; clicks: number }[]> {
  return on.query<{ url: string; variant: Letter; people: number; clicks: number }>(sql`
    select l.url, l.variant, count(c.recipient)::int as people, coalesce(sum(c.times), 0)::int as clicks
    from ${tableOf(workspace, 'campaign_link')} l
    left join (${tableOf(workspace, 'campaign_click')} c join ${tableOf(workspace, 'campaign_recipient')} r on r.id = c.recipient)
      on r.campaign = l.campaign and r.variant = l.variant and c.n = l.n
    where l.campaign = ${campaign}::uuid group by l.variant, l.n, l.url order by l.variant, l.n`);
}
