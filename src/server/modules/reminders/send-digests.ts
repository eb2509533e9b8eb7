import sql from 'sql-template-tag';
import type { ReminderSettings } from '../../../contract/reminders.ts';
import { localDay, wallAt } from '../../../domain/fields/calendar.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import type { Channel } from '../../platform/outgoing/channels.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { todayList } from '../freshness/index.ts';
import type { Account } from '../identity/index.ts';
import { type ReminderDeps, systemCtx } from './deps.ts';
import { type DigestFacts, digestMail } from './digest-text.ts';
import { noticeWords } from './notice-words.ts';
import { listNotices, notify } from './notifications.ts';
import { mondayOf, weekdayOf } from './office-hours.ts';
import { putEvent } from './put-event.ts';
import { readPreferences } from './settings.ts';
import { upcomingFor } from './upcoming.ts';

const WEEK_MS = 7 * 86_400_000;
const TOP = 5;

/**
 * Everyone's digest whose hour has come and who has not had it: in the page, by mail, one line per person to the robots. The notice's cause is the
 * day (or the week's Monday), so it exists once however often this runs; mail and webhook go into the outbox in the same transaction.
 * @returns digests made
 */
export async function sendDigests(
  deps: ReminderDeps,
  workspace: string,
  settings: ReminderSettings,
  timeZone: string,
): Promise<number> {
  const now = deps.now();
  const day = localDay(now, timeZone);
  const preferences = await readPreferences(deps.db, workspace);
  const accounts = (await deps.accounts()).filter((account) => account.disabled !== true);
  const wanted = accounts.flatMap((account) => {
    const cadence = preferences(account.id).digest ?? settings.digest.cadence;
    const weekly = cadence === 'weekly' && weekdayOf(day) >= settings.digest.weekday;
    const due = wallAt(now, timeZone).hour >= settings.digest.hour && (cadence === 'daily' || weekly);
    return due ? [{ account, week: weekly, cause: weekly ? `digest-week:${mondayOf(day)}` : `digest:${day}` }] : [];
  });
  const had = await deps.db.query<{
    key: string;
  }>(sql`select account || ' ' || cause as key from ${tableOf(workspace, 'notification')}
    where cause = any(${[...new Set(wanted.map(({ cause }) => cause))]}::text[])`);
  const done = new Set(had.map(({ key }) => key));
  const channels = (await deps.channels.list(workspace)).filter((channel) => channel.enabled);
  let made = 0;
  for (const { account, week, cause } of wanted) {
    if (done.has(`${account.id} ${cause}`)) continue;
    const facts = await digestFacts(deps, workspace, account, week, settings, preferences(account.id).lang);
    // Who is away is told when he is back; colleagues have his share.
    if (facts === null) continue;
    if (facts.due === 0 && facts.news.length === 0 && facts.upcoming.length === 0) continue;
    const stored = await deps.db.tx(async (tx) => {
      const params = { due: facts.due, overdue: facts.overdue };
      const first = await notify(
        tx,
        workspace,
        { account: account.id, cause, kind: week ? 'digest-week' : 'digest', params },
        now,
      );
      if (!first) return false;
      const { mail, lang } = preferences(account.id);
      if (mail && channels.some(({ id }) => id === 'mail'))
        await deps.outbox.put(tx, workspace, {
          channel: 'mail',
          cause: `${cause}:${account.id}`,
          recipient: maskValue(account.email, { type: 'email' }) ?? '',
          content: { to: account.email, toName: account.name, ...digestMail(facts, lang) },
        });
      const event = {
        account: account.id,
        week,
        due: facts.due,
        overdue: facts.overdue,
        top: facts.top.map(({ id, object }) => ({ object, id })),
      };
      await putEvent(deps, tx, workspace, `${cause}:${account.id}`, 'reminder.digest', event);
      return true;
    });
    if (stored) made += 1;
  }
  await tellGroups(deps, workspace, channels, day);
  return made;
}

async function digestFacts(
  deps: ReminderDeps,
  workspace: string,
  account: Account,
  week: boolean,
  settings: ReminderSettings,
  lang: 'zh' | 'en',
): Promise<DigestFacts | null> {
  const now = deps.now();
  const catalog = await deps.catalog.get(workspace);
  // As he himself would see it: his rows, his fields.
  const ctx = {
    ...(await systemCtx(deps, workspace, now)),
    actor: `user:${account.id}`,
    access: await deps.accessOf(workspace, account),
    lang,
  };
  const list = await todayList(deps, ctx, catalog, account.id, TOP);
  if (list.away) return null;
  const [overdue] = await deps.db.query<{
    n: number;
  }>(sql`select count(distinct bundle)::int as n from ${tableOf(workspace, 'freshness')}
    where owner = ${account.id} and due_at <= ${new Date(now.getTime() - WEEK_MS)}::timestamptz
      and (snoozed_until is null or snoozed_until <= ${now}::timestamptz)`);
  const told = await listNotices(deps.db, workspace, account.id, { unread: true, limit: 20 });
  return {
    week,
    name: account.name,
    firm: await deps.firm(workspace),
    due: list.total,
    overdue: overdue?.n ?? 0,
    top: list.items.slice(0, TOP).map((item) => ({
      title: item.title,
      object: item.object,
      id: item.id,
      fields: [...new Set(item.cells.map((cell) => cell.label[lang]))],
    })),
    news: told.notices
      .filter(({ kind }) => kind !== 'digest' && kind !== 'digest-week')
      .map(({ kind, params }) => noticeWords(kind, params, lang)),
    upcoming: (await upcomingFor(deps, ctx, account.id, settings, week ? 7 : 3)).slice(0, TOP),
    url: deps.publicUrl,
  };
}

const ROBOTS = new Set<Channel['kind']>(['wecom', 'dingtalk', 'feishu']);

/** One message a day per group: who has how much. Groups get counts, never customers' names: not everyone in a group may see every customer. */
async function tellGroups(deps: ReminderDeps, workspace: string, channels: Channel[], day: string): Promise<void> {
  const robots = channels.filter(({ kind }) => ROBOTS.has(kind));
  if (robots.length === 0) return;
  const digests = await deps.db.query<{ account: string; params: { due: number; overdue: number } }>(sql`
    select account, params from ${tableOf(workspace, 'notification')} where cause in (${`digest:${day}`}, ${`digest-week:${mondayOf(day)}`})
      and at::timestamptz >= ${new Date(deps.now().getTime() - 86_400_000)} order by (params->>'due')::int desc limit 50`);
  if (digests.length === 0) return;
  const names = new Map((await deps.accounts()).map(({ id, name }) => [id, name]));
  const lines = digests.map(
    ({ account, params }) =>
      `${names.get(account) ?? ''}: ${params.due}${params.overdue > 0 ? `（逾期一周以上 ${params.overdue}）` : ''}`,
  );
  const total = digests.reduce((sum, { params }) => sum + params.due, 0);
  const text = [
    `【${await deps.firm(workspace)}】今日待核实客户 ${total} 位`,
    ...lines,
    ...(deps.publicUrl ? [`${deps.publicUrl}/today`] : []),
  ].join('\n');
  await deps.db.tx(async (tx) => {
    for (const robot of robots)
      await deps.outbox.put(tx, workspace, {
        channel: robot.id,
        cause: `${robot.id}:digest:${day}`,
        recipient: robot.name,
        content: { text },
      });
  });
}
