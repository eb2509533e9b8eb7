import type { Engine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import { type AskingDeps, createAsk, draftAsk } from './modules/asking/index.ts';
import { consentRoutes } from './modules/consent/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import {
  eraseJob,
  type PrivacyDeps,
  privacyRoutes,
  type RetentionDeps,
  retentionJob,
  scrubJob,
} from './modules/privacy/index.ts';
import { notify, readReminderSettings } from './modules/reminders/index.ts';
import type { Files } from './platform/files/files.ts';
import type { App } from './platform/http/server.ts';
import type { Outbox } from './platform/outgoing/outbox.ts';
import type { Db } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';

export interface PrivacyOptions {
  engine: Engine;
  background: Db;
  files: Files;
  outbox: Pick<Outbox, 'recall'>;
  asking: AskingDeps;
  publicUrl: string | undefined;
  ctxOf: MakeCtx;
  workspaces: () => Promise<string[]>;
  timeZone: (workspace: string) => Promise<string>;
  queue: () => Queue;
}

/** Erasure, consent, retention and what people ask for, put together. */
export function openPrivacy(options: PrivacyOptions) {
  const { engine, background, files, outbox, asking, publicUrl, ctxOf, workspaces, timeZone, queue } = options;
  const now = () => new Date();
  const base = { ...engine, files, now, workspaces, recallMessages: outbox.recall };
  const erase = eraseJob({ ...base, db: background });
  const deps: PrivacyDeps = {
    ...base,
    ctxOf,
    timeZone,
    fullAccess: (catalog) => accessFor('admin', catalog),
    calendar: (workspace) => readReminderSettings(engine.db, workspace),
    eraseSoon: async () => void (await queue().enqueue(engine.db, erase, {}, { key: 'woken' })),
  };
  const invite: RetentionDeps['invite'] = async (ctx, object, record) => {
    const channel = await asking.channels.find(ctx.workspace, 'mail');
    if (!publicUrl || !channel?.enabled) return false;
    const draft = await draftAsk(asking, ctx, object, record);
    const [person] = draft.people.filter(({ email }) => email !== null);
    if (!person) return false;
    const contact = person.contact === null ? {} : { contact: person.contact };
    await createAsk(asking, ctx, { object, id: record, people: [{ way: 'mail', ...contact }] }, publicUrl);
    return true;
  };
  const tell: RetentionDeps['tell'] = async (tx, workspace, { account, cause, count, days, name }) => {
    await notify(tx, workspace, { account, cause, kind: 'retention-warned', params: { count, days, name } }, now());
  };
  return {
    jobs: [
      erase,
      scrubJob({ ...base, db: background }),
      retentionJob({ ...deps, db: background, workspaces, tell, invite }),
    ],
    routes(app: App): void {
      consentRoutes(app, { ...engine, ctxOf });
      privacyRoutes(app, deps);
    },
  };
}
