import { AppError } from '../../../contract/errors.ts';
import { reminders } from '../../../contract/reminders.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { MakeCtx } from '../edge.ts';
import { type ReminderDeps, systemCtx } from './deps.ts';
import { noticeWords } from './notice-words.ts';
import { listNotices, markRead } from './notifications.ts';
import { readPreferences, readReminderSettings, savePreference, saveReminderSettings } from './settings.ts';
import { upcomingFor } from './upcoming.ts';

const PAGE = 30;
const WEEK = 7;

/** The HTTP edge of notifications and reminders. */
export function remindersRoutes(app: App, deps: ReminderDeps & { ctxOf: MakeCtx }): void {
  const { db, ctxOf } = deps;

  route(app, reminders.notices, async (call) => {
    const { workspace } = await ctxOf(call);
    const { unread, before, limit = PAGE } = call.query;
    const found = await listNotices(db, workspace, call.caller.account.id, {
      before,
      unread: unread === 'true',
      limit,
    });
    return {
      unread: found.unread,
      notices: found.notices.map((notice) => ({
        id: notice.id,
        kind: notice.kind,
        message: noticeWords(notice.kind, notice.params, call.lang),
        object: notice.object,
        record: notice.record,
        at: notice.at.toISOString(),
        read: notice.read_at !== null,
      })),
    };
  });

  route(app, reminders.read, async (call) => {
    const { workspace, at } = await ctxOf(call);
    await markRead(db, workspace, call.caller.account.id, call.body.ids, at);
    return { ok: true as const };
  });

  route(app, reminders.upcoming, async (call) => {
    const ctx = await ctxOf(call);
    const settings = await readReminderSettings(db, ctx.workspace);
    const items = await upcomingFor(deps, ctx, call.caller.account.id, settings, call.query.days ?? WEEK);
    return { items };
  });

  route(app, reminders.settings, async (call) => {
    const { workspace } = await ctxOf(call);
    return readReminderSettings(db, workspace);
  });

  route(app, reminders.saveSettings, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const { access } = await systemCtx(deps, ctx.workspace, ctx.at);
    for (const { filter } of call.body.ladders) {
      if (!filter) continue;
      const issues = validateFilter(filter, catalog, objectOf(catalog, 'customer'), access, deps.env(ctx));
      if (issues.length > 0) throw new AppError('invalid-input', { count: issues.length }, { issues });
    }
    await saveReminderSettings(db, ctx.workspace, call.body, ctx.actor);
    return call.body;
  });

  route(app, reminders.preference, async (call) => {
    const { workspace } = await ctxOf(call);
    return (await readPreferences(db, workspace))(call.caller.account.id);
  });

  route(app, reminders.savePreference, async (call) => {
    const { workspace } = await ctxOf(call);
    await savePreference(db, workspace, call.caller.account.id, call.body);
    return call.body;
  });
}
