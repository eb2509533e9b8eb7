import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

interface LetterRow {
  campaign: string;
  name: string;
  kind: 'mail' | 'sms';
  subject: string;
  sent_at: Date;
  opened_at: Date | null;
  clicked_at: Date | null;
  unsubscribed_at: Date | null;
  bounced_at: Date | null;
  [column: string]: unknown;
}

const MOST = 50;

/** What of campaigns one record got, newest first. */
export async function lettersOf(on: Queryable, workspace: string, record: string) {
  const rows = await on.query<LetterRow>(sql`
    select c.id as campaign, c.name, c.kind, c.definition->'variants'->(case when r.variant = 'b' then 1 else 0 end)->>'subject' as subject,
      r.sent_at, coalesce(r.opened_at, r.clicked_at) as opened_at, r.clicked_at, r.unsubscribed_at, r.bounced_at
    from ${tableOf(workspace, 'campaign_recipient')} r join ${tableOf(workspace, 'campaign')} c on c.id = r.campaign
    where r.person = ${record}::uuid and r.sent_at is not null order by r.sent_at desc limit ${MOST}`);
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  return rows.map(({ campaign, name, kind, subject, ...at }) => ({
    ...{ campaign, name, kind, subject: subject ?? '' },
    sentAt: at.sent_at.toISOString(),
    openedAt: iso(at.opened_at),
    clickedAt: iso(at.clicked_at),
    unsubscribedAt: iso(at.unsubscribed_at),
    bouncedAt: iso(at.bounced_at),
  }));
}
