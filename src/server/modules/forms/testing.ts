import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import { testServer } from '../../../../test/support/server.ts';
import type { FormView, SubmissionView } from '../../../contract/forms.ts';
import { type FormDesign, openHash } from '../../../domain/forms/index.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openOutgoing } from '../../outgoing.ts';
import { createIdempotency } from '../../platform/http/idempotency.ts';
import { openKeys } from '../../platform/keys.ts';
import { silentLog } from '../../platform/log.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { askingPages, askingRoutes, createLinks } from '../asking/index.ts';
import type { MakeCtx } from '../edge.ts';
import { proposalsRoutes } from '../proposals/index.ts';
import { notify } from '../reminders/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { censusRoutes } from './census-routes.ts';
import { createChallenges } from './challenge.ts';
import type { FormDeps } from './deps.ts';
import { formsRoutes } from './forms-routes.ts';
import { createJunkCount } from './junk.ts';
import { createFormLimits } from './limits.ts';
import { formPages } from './page-routes.ts';
import type { CensusDeps } from './run-census.ts';
import { takeSubmissions } from './take-submissions.ts';

/** Forms on the CRM template, with a real database and a clock that tests move. */
export async function testForms() {
  const clock = { now: new Date('2026-03-02T02:00:00Z') };
  const woken = { times: 0 };
  let engine: Engine | undefined;
  let deps: (FormDeps & CensusDeps) | undefined;
  let flush: () => Promise<void> = async () => undefined;
  const server = await testServer(async (app, db) => {
    await createWorkspace(db, { id: 'main', name: '华东演示公司', settings: {} });
    const ready = createEngine(db);
    engine = ready;
    await installTemplate(ready, 'main');
    const keys = openKeys(mkdtempSync(join(tmpdir(), 'xianke-forms-')));
    const outgoing = openOutgoing({
      db,
      log: silentLog,
      keys,
      allowPrivate: true,
      wake: async () => {},
      now: () => clock.now,
    });
    const all = {
      ...ready,
      ...outgoing,
      log: silentLog,
      links: createLinks(keys.derive('ask links')),
      firm: async () => '华东演示公司',
      notify: async (
        tx: Parameters<FormDeps['notify']>[0],
        workspace: string,
        notice: Parameters<FormDeps['notify']>[2],
      ) => {
        await notify(tx, workspace, notice, clock.now);
      },
      now: () => clock.now,
      publicUrl: 'https://crm.example.com',
    };
    deps = all;
    const ctxOf: MakeCtx = async ({ caller, lang }) => ({
      workspace: 'main',
      actor: caller.actor,
      source: 'page',
      access: accessFor(caller.role, await ready.catalog.get('main')),
      at: clock.now,
      lang,
    });
    const junk = createJunkCount(db, 'main', silentLog, all.now);
    flush = junk.flush;
    formsRoutes(app, { ...all, ctxOf });
    censusRoutes(app, { ...all, ctxOf, kick: async () => undefined });
    askingRoutes(app, { ...all, ctxOf });
    askingPages(app, { ...all, workspace: 'main' });
    proposalsRoutes(app, { ...ready, ctxOf, idempotency: createIdempotency(db), moved: () => undefined });
    formPages(app, {
      ...all,
      workspace: 'main',
      junk,
      challenges: createChallenges(keys.derive('form challenges'), all.now),
      limits: createFormLimits(() => clock.now.getTime()),
      received: () => {
        woken.times++;
      },
    });
  });
  const as = await server.account('admin');
  if (!engine || !deps) throw new Error('not composed');
  const ready = engine;
  const adminCtx = async (): Promise<Ctx> => ({
    ...{ workspace: 'main', actor: `user:${as.id}`, source: 'page', at: clock.now, lang: 'zh', reason: 'test' },
    access: accessFor('admin', await ready.catalog.get('main')),
  });
  return { ...server, as, clock, woken, engine: ready, deps, adminCtx, flush: () => flush() };
}

export type TestForms = Awaited<ReturnType<typeof testForms>>;

/** A number that solves the challenge of a page. */
export function solve(challenge: string): string {
  const bits = Number.parseInt(challenge.split('.')[1] ?? '', 36);
  const hash = openHash();
  for (let n = 0; ; n++) if (hash(`${challenge}:${n}`) < 2 ** (32 - bits)) return String(n);
}

export const challengeOf = (page: string): string => /name="challenge" value="([^"]*)"/.exec(page)?.[1] ?? '';

/** What tests do with composed forms: call the API, publish a form, open and send its page. */
export function callsOf(composed: () => TestForms) {
  const both = (zh: string) => ({ zh, en: zh });
  const base: FormDesign = {
    ...{ name: '官网留言', title: both('请留下信息'), intro: both(''), thanks: both('会联系您'), object: 'customer' },
    questions: [
      { id: 'q1', object: 'customer', field: 'name' },
      { id: 'q2', object: 'customer', field: 'mobile', required: true },
      { id: 'q3', object: 'customer', field: 'email' },
      { id: 'q4', object: 'customer', field: 'level' },
      {
        id: 'q5',
        object: 'customer',
        field: 'remark',
        when: { match: 'all', of: [{ question: 'q4', is: 'one-of', values: ['a'] }] },
      },
    ],
    fixed: [],
    ...{ outcome: 'create', tell: [], sites: [], perAddress: 1000, perMinute: 10_000 },
  };

  async function call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    status = 200,
  ): Promise<T> {
    const reply = await composed().as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
    expect([url, reply.statusCode, reply.statusCode === status ? '' : reply.body]).toEqual([url, status, '']);
    return reply.json() as T;
  }

  async function publish(patch: Partial<FormDesign> = {}): Promise<FormView & { path: string }> {
    const id = uuidv7();
    await call('PUT', `/forms/${id}`, { design: { ...base, ...patch }, version: 0 });
    const form = await call<FormView>('POST', `/forms/${id}/state`, { state: 'open' });
    return { ...form, path: new URL(form.url).pathname };
  }

  const open = (path: string, headers: Record<string, string> = {}) =>
    composed().app.inject({ url: path, headers: { 'accept-language': 'zh-CN', ...headers } });

  const post = (path: string, fields: Record<string, string>, from = '203.0.113.7') =>
    composed().app.inject({
      method: 'POST',
      url: path,
      payload: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'zh-CN' },
      remoteAddress: from,
    });

  /** Opens the page, takes as long as a person does, and sends it. */
  async function fill(path: string, answers: Record<string, string>, more: Record<string, string> = {}, from?: string) {
    const challenge = challengeOf((await open(path)).body);
    composed().clock.now = new Date(composed().clock.now.getTime() + 5_000);
    const typed = Object.fromEntries(Object.entries(answers).map(([id, text]) => [`a-${id}`, text]));
    return post(path, { ...typed, challenge, solution: solve(challenge), ...more }, from);
  }

  const take = () => takeSubmissions(composed().deps, 'main');
  const submissions = async (form: FormView) =>
    (await call<{ submissions: SubmissionView[] }>('GET', `/form-submissions?form=${form.id}`)).submissions;
  return { base, call, publish, open, post, fill, take, submissions };
}
