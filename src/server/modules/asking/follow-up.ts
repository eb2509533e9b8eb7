import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { hasObjected, objectedSql } from '../consent/index.ts';
import { findRecipient, isOpen, markRevoked } from './ask-store.ts';
import { issueUrl, openRecipient, queueLetter, requireMail } from './create-ask.ts';
import type { AskingDeps } from './deps.ts';
import { forgetMisses } from './misses.ts';
import { readAskingSettings } from './settings.ts';

const DAY_MS = 86_400_000;

/** One more link for a person who has not answered; an expired term begins anew. Links he has already go on working. */
export async function newLink(deps: AskingDeps, ctx: Ctx, ask: string, recipient: string, letter: boolean) {
  if (letter) await requireMail(deps, ctx.workspace);
  const settings = await readAskingSettings(deps.db, ctx.workspace);
  return deps.db.tx(async (tx) => {
    const found = await openRecipient(tx, ctx.workspace, ask, recipient, ctx.at);
    const row = await mayAsk(deps, ctx, found.ask.object, found.ask.record);
    if (!found.open) {
      found.ask.expires_at = new Date(ctx.at.getTime() + settings.expireDays * DAY_MS);
      await tx.query(
        sql`update ${tableOf(ctx.workspace, 'ask')} set expires_at = ${found.ask.expires_at} where id = ${ask}`,
      );
    }
    await tx.query(
      sql`update ${tableOf(ctx.workspace, 'ask_recipient')} set wants_link_at = null where id = ${recipient}`,
    );
    const url = await issueUrl(deps, tx, ctx.workspace, found.ask, found.person, ctx.at);
    const catalog = await deps.catalog.get(ctx.workspace);
    const title = String(row.values[catalog.objects.find((one) => one.name === found.ask.object)?.title ?? ''] ?? '');
    const who = found.person.contact ?? found.ask.record;
    if (letter && (await hasObjected(tx, ctx.workspace, who, 'confirm', 'mail')))
      throw new AppError('consent-withdrawn', { name: found.person.name });
    if (letter)
      await queueLetter(deps, tx, ctx.workspace, { ...found, url, title, cause: `again:${ctx.at.toISOString()}` });
    return { recipient, name: found.person.name, way: found.person.way, url };
  });
}

/** The record, for those who may see it and change it: a link writes what they could write. */
async function mayAsk(deps: AskingDeps, ctx: Ctx, object: string, record: string): Promise<Row> {
  const actions = ctx.access.objects[object]?.actions ?? [];
  if (!actions.includes('update') || !actions.includes('verify')) throw new AppError('forbidden');
  return deps.read.get(ctx, object, record);
}

export async function revoke(deps: AskingDeps, ctx: Ctx, ask: string, recipient: string): Promise<void> {
  await deps.db.tx(async (tx) => {
    const found = await openRecipient(tx, ctx.workspace, ask, recipient, ctx.at);
    await mayAsk(deps, ctx, found.ask.object, found.ask.record);
    await markRevoked(tx, ctx.workspace, recipient, ctx.at);
  });
}

/** Sends the letter once more to those who were written to and have not answered within the days set; each of them once. */
export async function remindUnanswered(deps: AskingDeps, workspace: string): Promise<number> {
  const now = deps.now();
  const channel = await deps.channels.find(workspace, 'mail');
  if (!channel?.enabled) return 0;
  const due = await deps.db.query<{ id: string }>(sql`
    select r.id from ${tableOf(workspace, 'ask_recipient')} r join ${tableOf(workspace, 'ask')} a on a.id = r.ask
    where r.state in ('sent', 'opened') and r.way = 'mail' and r.reminded_at is null and a.remind_after_days > 0
      and not ${objectedSql(workspace, sql`coalesce(r.contact, a.record)`, 'confirm', 'mail')}
      and a.expires_at > ${now}::timestamptz and r.sent_at <= ${now}::timestamptz - make_interval(days => a.remind_after_days)
    order by r.sent_at limit 500`);
  let sent = 0;
  for (const { id } of due)
    sent += await deps.db.tx(async (tx) => {
      const found = await findRecipient(tx, workspace, id, true);
      if (!found || found.person.reminded_at !== null || !isOpen(found.person, found.ask, now)) return 0;
      const title = await titleOf(deps, workspace, found.ask);
      if (title === null) return 0;
      const url = await issueUrl(deps, tx, workspace, found.ask, found.person, now);
      await queueLetter(deps, tx, workspace, { ...found, url, title, cause: 'remind' });
      await tx.query(sql`update ${tableOf(workspace, 'ask_recipient')} set reminded_at = ${now} where id = ${id}`);
      return 1;
    });
  await forgetMisses(deps.db, workspace, now);
  return sent;
}

/** null: the record is gone, nobody is asked about it any more. */
async function titleOf(
  deps: AskingDeps,
  workspace: string,
  ask: { object: string; record: string },
): Promise<string | null> {
  const catalog = await deps.catalog.get(workspace);
  const object = catalog.objects.find((candidate) => candidate.name === ask.object && !candidate.retired);
  if (!object) return null;
  const [row] = await deps.db.query<{ title: string | null }>(sql`select ${ident(object.title)}::text as title
    from ${tableOf(workspace, object.name)} where id = ${ask.record} and deleted_at is null`);
  return row ? (row.title ?? '') : null;
}

/** Every hour but those in which nobody wants mail. Exactly one letter per person: the mark and the letter are one transaction, and the outbox knows the cause. */
export function remindUnansweredJob(
  deps: AskingDeps & { workspaces(): Promise<string[]>; mayDisturb(workspace: string): Promise<boolean> },
) {
  return defineJob({
    name: 'asking.remind',
    payload: z.object({}),
    schedule: { cron: '23 * * * *' },
    handler: async ({ signal }) => {
      let sent = 0;
      for (const workspace of await deps.workspaces()) {
        if (signal.aborted) break;
        if (await deps.mayDisturb(workspace)) sent += await remindUnanswered(deps, workspace);
      }
      return { sent };
    },
  });
}
