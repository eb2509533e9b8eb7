import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled, testDb } from '../../../../test/support/database.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { checkCalendar, checkClocks } from './check-clocks.ts';
import type { ServiceDeps } from './deps.ts';
import { followRecords, wantOpen } from './follow-records.ts';
import { readService, saveService, usualService } from './settings.ts';
import { tendRecords } from './tend-records.ts';

let db: Db;
let engine: Engine;
let deps: ServiceDeps;
let customer = '';
/** The clock on the wall. */
let now = new Date();

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: { timeZone: 'Asia/Shanghai' } });
  await installTemplate(engine, 'main');
  deps = {
    ...engine,
    now: () => now,
    systemAccess: async (workspace) => accessFor('admin', await engine.catalog.get(workspace)),
  };
  customer = await create('customer', { name: '时限客户' });
});

const ctx = async (more: Partial<Ctx> = {}): Promise<Ctx> => ({
  ...{ workspace: 'main', actor: 'user:li', source: 'page', at: now, lang: 'zh' },
  access: accessFor('admin', await engine.catalog.get('main')),
  ...more,
});
const cn = (text: string) => new Date(`2026-11-${text}+08:00`);
const at = (text: string) => {
  now = cn(text);
};
async function write(change: Change, more: Partial<Ctx> = {}): Promise<string> {
  const { outcomes } = await engine.write.write(await ctx(more), [change]);
  const [made] = outcomes;
  if (made?.status !== 'applied') throw new Error(JSON.stringify(made));
  return made.id ?? '';
}
const create = (object: string, set: Record<string, unknown>, more: Partial<Ctx> = {}) =>
  write({ op: 'create', object, set }, more);
const ticket = (set: Record<string, unknown> = {}, more: Partial<Ctx> = {}) =>
  create('ticket', { subject: '报修', customer, kind: 'repair', priority: 'normal', state: 'open', ...set }, more);
const edit = (id: string, set: Record<string, unknown>) => write({ op: 'update', object: 'ticket', id, set });

async function tend(): Promise<void> {
  await settled(db);
  while (await followRecords(deps, 'main'));
  while (await tendRecords(deps, 'main'));
  // Its own sets wake it no more than once.
  await settled(db);
  while (await followRecords(deps, 'main'));
}
async function look(id: string) {
  const { values } = await engine.read.get(await ctx(), 'ticket', id);
  const { service_state: state, respond_by, resolve_by } = values;
  const moment = (value: unknown) => (typeof value === 'string' ? new Date(value) : null);
  return { state, respond: moment(respond_by), resolve: moment(resolve_by) };
}
const waiting = async () =>
  (await db.query<{ n: number }>(sql`select count(*)::int as n from w_main.service_due where next_at <= ${now}`))[0]?.n;

describe('a ticket', () => {
  it('has its times by kind and priority, in working hours', async () => {
    at('18T10:00');
    const normal = await ticket();
    const urgent = await ticket({ priority: 'urgent' });
    const complaint = await ticket({ kind: 'complaint' });
    await tend();
    expect(await look(normal)).toEqual({ state: 'running', respond: cn('18T15:00'), resolve: cn('24T10:00') });
    expect(await look(urgent)).toEqual({ state: 'running', respond: cn('18T11:00'), resolve: cn('19T10:00') });
    expect(await look(complaint)).toEqual({ state: 'running', respond: cn('18T11:00'), resolve: cn('20T10:00') });
    expect(await waiting()).toBe(0);
    // Another priority is another time, from the same beginning.
    at('18T10:30');
    await edit(normal, { priority: 'urgent' });
    await tend();
    expect(await look(normal)).toMatchObject({ respond: cn('18T11:00'), resolve: cn('19T10:00') });
  });

  it('gets near and late by itself, as changes that rules see, and is done in time or not', async () => {
    at('18T10:00');
    const id = await ticket({ priority: 'high' });
    await tend();
    const sets = async () =>
      db.query<{ kind: string; actor: string; source: string }>(
        sql`select c.kind, c.actor, c.source from w_main.change_set c join w_main.delta d on d.change_set = c.id where d.record = ${id} order by c.txid`,
      );
    at('18T11:29');
    await tend();
    expect(await look(id)).toMatchObject({ state: 'running' });
    at('18T11:30');
    await tend();
    expect(await look(id)).toMatchObject({ state: 'near' });
    at('18T13:00');
    await tend();
    expect(await look(id)).toMatchObject({ state: 'late', respond: cn('18T12:00') });
    expect(await sets()).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'service', actor: 'system', source: 'rule' })),
    );
    await tend();
    expect((await sets()).length).toBe(3);
    // Answered late, solved in time: the answer was missed.
    at('18T14:00');
    await edit(id, { state: 'working' });
    await tend();
    expect(await look(id)).toMatchObject({ state: 'running', respond: cn('18T12:00') });
    at('19T10:00');
    await edit(id, { state: 'solved' });
    await tend();
    expect(await look(id)).toMatchObject({ state: 'missed' });
  });

  it('waits for the customer without time running out', async () => {
    at('18T10:00');
    const id = await ticket({ priority: 'urgent' });
    await tend();
    at('18T11:00');
    await edit(id, { state: 'waiting' });
    await tend();
    expect(await look(id)).toMatchObject({ state: 'paused', respond: cn('18T11:00'), resolve: null });
    at('25T17:00');
    await edit(id, { state: 'working' });
    await tend();
    // One of eight hours is used.
    expect(await look(id)).toMatchObject({ state: 'running', resolve: cn('26T16:00') });
    at('26T16:00');
    await edit(id, { state: 'solved' });
    await tend();
    expect(await look(id)).toMatchObject({ state: 'met', resolve: cn('26T16:00') });
  });

  it('keeps a time that a person agreed on, until he clears it', async () => {
    at('18T10:00');
    const id = await ticket();
    await tend();
    const agreed = cn('30T18:00').toISOString();
    await edit(id, { resolve_by: agreed });
    await tend();
    await edit(id, { priority: 'urgent' });
    await tend();
    expect(await look(id)).toMatchObject({ resolve: cn('30T18:00'), respond: cn('18T11:00') });
    at('30T18:00');
    await edit(id, { state: 'working' });
    await tend();
    expect(await look(id)).toMatchObject({ state: 'late' });
    at('18T10:00');
    await edit(id, { resolve_by: null });
    await tend();
    expect(await look(id)).toMatchObject({ resolve: cn('19T10:00') });
  });

  it('that came in solved has no times; people can’t write how it stands', async () => {
    at('18T10:00');
    const id = await ticket({ state: 'closed' }, { source: 'import' });
    await tend();
    expect(await look(id)).toEqual({ state: null, respond: null, resolve: null });
    const { outcomes } = await engine.write.write(await ctx(), [
      { op: 'update', object: 'ticket', id, set: { service_state: 'met' } },
    ]);
    expect(outcomes[0]?.issues?.map(({ code }) => code)).toEqual(['field-readonly']);
  });
});

it('a holiday more moves what is open, not what is done', async () => {
  at('18T10:00');
  const open = await ticket({ priority: 'urgent' });
  const done = await ticket({ priority: 'urgent' });
  await edit(done, { state: 'solved' });
  await tend();
  const was = await look(done);
  const { calendar } = await readService(db, 'main');
  await saveService(db, 'main', 'service.calendar', { ...calendar, off: [...calendar.off, '2026-11-19'] }, 'user:li');
  expect(await wantOpen(deps, 'main')).toBeGreaterThan(0);
  await tend();
  expect(await look(open)).toMatchObject({ respond: cn('18T11:00'), resolve: cn('20T10:00') });
  expect(await look(done)).toEqual(was);
  await saveService(db, 'main', 'service.calendar', calendar, 'user:li');
});

it('what is asked for anew while it is worked out is worked out again', async () => {
  at('18T10:00');
  const id = await ticket();
  await tend();
  await edit(id, { priority: 'high' });
  await settled(db);
  while (await followRecords(deps, 'main'));
  // Somebody else’s change comes in between the look and the writing.
  const slow: ServiceDeps = {
    ...deps,
    write: {
      ...deps.write,
      write: async (acting, changes, options) => {
        await db.query(
          sql`update w_main.service_due set next_at = next_at + interval '1 microsecond' where record = ${id}`,
        );
        return deps.write.write(acting, changes, options);
      },
    },
  };
  await tendRecords(slow, 'main');
  at('18T10:01');
  expect(await waiting()).toBe(1);
  await tend();
  expect(await look(id)).toMatchObject({ respond: cn('18T12:00') });
});

const codeOf = (work: () => void): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it('refuses hours and clocks that can’t be kept', async () => {
  const { calendar, clocks } = usualService();
  expect(
    codeOf(() => checkCalendar({ ...calendar, week: { ...calendar.week, 1: [{ from: '18:00', to: '09:00' }] } })),
  ).toBe('service-hours');
  expect(codeOf(() => checkCalendar({ ...calendar, week: {} as never }))).toBe('service-no-hours');
  const catalog = await engine.catalog.get('main');
  const access = accessFor('admin', catalog);
  const env = engine.env({ at: now });
  const [first] = clocks;
  if (!first) throw new Error('the template has clocks');
  const check = (...all: object[]) =>
    checkClocks(
      all.map((one) => ({ ...first, ...one })),
      catalog,
      access,
      env,
    );
  expect(codeOf(() => check({}))).toBeNull();
  expect(codeOf(() => check({}, {}))).toBe('service-twice');
  expect(codeOf(() => check({}, { id: 'other' }))).toBe('service-same-due');
  expect(codeOf(() => check({ due: 'subject' }))).toBe('service-moment');
  expect(codeOf(() => check({ due: 'service_state' }))).toBe('service-moment');
  expect(codeOf(() => check({ done: { field: 'at', op: 'within', value: { days: -1 } } }))).toBe('service-filter');
  expect(codeOf(() => check({ done: { field: 'nothing', op: 'empty' } }))).toBe('invalid-input');
});
