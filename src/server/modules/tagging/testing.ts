import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { settled } from '../../../../test/support/database.ts';
import { testServer } from '../../../../test/support/server.ts';
import type { TagEntryInput } from '../../../contract/tagging.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openKeys } from '../../platform/keys.ts';
import { silentLog } from '../../platform/log.ts';
import { createSeal } from '../../platform/outgoing/seal.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { computeValueJob, valueRoutes } from '../value/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { advanceRun } from './advance-run.ts';
import { adviserRoutes } from './adviser-routes.ts';
import { applyTags } from './apply-tags.ts';
import { expireTags } from './expire-tags.ts';
import { followTexts } from './follow-texts.ts';
import { taggingRoutes } from './tagging-routes.ts';

const WORKSPACE = 'main';

/** Tagging on the CRM template with a real database, and a clock that tests move. */
export async function testTagging() {
  const clock = { now: new Date('2026-03-03T02:00:00Z') };
  const now = () => clock.now;
  const workspaces = async () => [WORKSPACE];
  const seal = createSeal(openKeys(mkdtempSync(join(tmpdir(), 'xianke-tags-'))), 'tag adviser');
  const advising = { seal, allowPrivate: true };
  let engine: Engine | undefined;
  const server = await testServer(async (app, db) => {
    await createWorkspace(db, { id: WORKSPACE, name: '测试', settings: {} });
    const made = createEngine(db);
    engine = made;
    await installTemplate(made, WORKSPACE);
    await made.plans.ready(WORKSPACE);
    type Call = { caller: { actor: string; account: { id: string }; role: 'admin' | 'member' }; lang: 'zh' | 'en' };
    const ctxOf = async ({ caller, lang }: Call): Promise<Ctx> => ({
      ...{ workspace: WORKSPACE, actor: caller.actor, source: 'page', at: clock.now, lang },
      access: await made.accessOf(WORKSPACE, { id: caller.account.id, role: caller.role }),
    });
    const deps = { ...made, ...advising, ctxOf: ctxOf as never, log: silentLog, now };
    adviserRoutes(app, deps);
    taggingRoutes(app, { ...deps, kick: async () => {} });
    valueRoutes(app, { ...deps, compute: async () => {} });
  });
  if (!engine) throw new Error('not composed');
  const ready = engine;
  const deps = { ...ready, ...advising, log: silentLog, now, actSoon: async () => {}, workspaces };
  const [boss, seller] = [await server.account('admin'), await server.account('member')];

  const ctxOf = async (actor: string): Promise<Ctx> => ({
    ...{ workspace: WORKSPACE, actor, source: 'page', at: clock.now, lang: 'zh', reason: 't' },
    access: accessFor('admin', await ready.catalog.get(WORKSPACE)),
  });
  const write = async (changes: Change[], actor = `user:${boss.id}`, kind?: string) => {
    const result = await ready.write.write(await ctxOf(actor), changes, { reviewed: true, ...(kind && { kind }) });
    for (const outcome of result.outcomes)
      if (outcome.status === 'rejected') throw new Error(JSON.stringify(outcome.issues));
    return result;
  };
  const make = async (object: string, set: Record<string, unknown>): Promise<string> => {
    const id = uuidv7();
    await write([{ op: 'create', object, id, set }]);
    return id;
  };
  const change = (object: string, id: string, set: Record<string, unknown>, actor?: string) =>
    write([{ op: 'update', object, id, set }], actor);
  const say = (customer: string, content: string, at = clock.now) =>
    make('interaction', { customer, content, kind: 'call', at: at.toISOString() });
  const ask = async <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<T> => {
    const reply = await boss({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
    if (reply.statusCode !== 200) throw new Error(reply.body);
    return reply.json() as T;
  };
  const version = async () => (await ask<{ version: number }>('GET', '/tagging')).version;
  /** Puts tags into the dictionary and switches tagging on. */
  const teach = async (entries: Partial<TagEntryInput>[], on = true): Promise<void> => {
    const dictionary = await ask<{ version: number; sources: unknown[] }>('GET', '/tagging');
    const full = entries.map((entry) => ({
      ...{ id: uuidv7(), field: 'need_tags', tag: 'price', phrases: [], except: [], months: 6 },
      ...entry,
    }));
    const { version: next } = await ask<{ version: number }>('PUT', '/tagging/entries', {
      entries: full,
      version: dictionary.version,
    });
    await ask('PUT', '/tagging/settings', { on, sources: dictionary.sources, version: next });
  };
  const follow = async (): Promise<void> => {
    await settled(server.db);
    while (await followTexts(deps, WORKSPACE));
  };
  const apply = async (): Promise<void> => {
    while ((await applyTags(deps, WORKSPACE)) > 0);
  };
  const settle = async (): Promise<void> => {
    await follow();
    await apply();
    await follow();
  };
  const advance = (id: string, signal = new AbortController().signal) => advanceRun(deps, WORKSPACE, id, signal);
  const later = (days: number) => {
    clock.now = new Date(clock.now.getTime() + days * 86_400_000);
  };
  const tags = async (id: string, field = 'need_tags'): Promise<unknown> =>
    (await ready.read.get(await ctxOf('system'), 'customer', id)).values[field] ?? [];
  const mentions = () =>
    server.db.query<{ record: string; tag: string; phrase: string; state: string }>(
      sql`select record, tag, phrase, state from w_main.tag_mention order by found_at, id`,
    );
  const computeValue = () =>
    computeValueJob(deps).handler({
      ...{ id: '', payload: {}, attempt: 0, signal: new AbortController().signal },
      progress: async () => {},
    });
  return {
    ...server,
    ...{ clock, engine: ready, deps, boss, seller, write, make, change, say, ask, teach, version, ctxOf },
    ...{ follow, apply, settle, advance, later, tags, mentions, computeValue },
    expire: () => expireTags(deps, WORKSPACE),
  };
}

export type TestTagging = Awaited<ReturnType<typeof testTagging>>;
