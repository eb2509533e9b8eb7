import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { Change } from '../../../domain/change/types.ts';
import { addDays } from '../../../domain/fields/calendar.ts';
import { type Policy, segmentKey } from '../../../domain/freshness/policy.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { evaluationRoutes, keepFiguresJob, readOutcomeKinds } from './index.ts';
import { bindOutcome } from './outcome-kinds.ts';
import { rulesOf } from './policy-effect.ts';

// A quarter with a known answer: 100 customers made on 1 April, whose names and mobiles are to be verified every 30 days.

const ZONE = 'Asia/Shanghai';
let now = new Date('2026-06-20T02:00:00Z');
let db: Db;
let engine: Engine;
let admin: As;
let seller: As;
let customers: string[];

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  evaluationRoutes(app, { ...engine, ctxOf: async () => ctx('2026-06-20'), outcomes: readOutcomeKinds() });
});

async function ctx(day: string, source: Ctx['source'] = 'page'): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  const at = day === '2026-06-20' ? now : new Date(`${day}T02:00:00Z`);
  return { workspace: 'main', actor: 'user:wang', source, access, at, lang: 'zh' };
}

const write = async (day: string, changes: Change[]) => {
  const { outcomes } = await engine.write.write(await ctx(day), changes);
  expect(outcomes.filter((outcome) => outcome.status !== 'applied')).toEqual([]);
  return outcomes.map((outcome) => outcome.id);
};

const verify = (ids: string[]): Change[] =>
  ids.map((id) => ({ op: 'update', object: 'customer', id, verify: { fields: ['name', 'mobile'], method: 'phone' } }));

async function keep(day: string): Promise<void> {
  const workspaces = async () => [{ id: 'main', timeZone: ZONE }];
  const job = keepFiguresJob({
    ...engine,
    catalogs: engine.catalog,
    workspaces,
    now: () => new Date(`${day}T02:00:00Z`),
  });
  const { signal } = new AbortController();
  await job.handler({ id: '', payload: {}, attempt: 0, signal, progress: async () => undefined });
}

const rule = (field: string, everyDays: number): Policy => ({
  object: 'customer',
  field,
  everyDays,
  priority: 'high',
  threshold: 0.05,
});

async function savePolicy(day: string, policies: Policy[]): Promise<void> {
  await db.query(sql`insert into w_main.policy_version (at, author, reason, policies)
    values (${`${day}T02:00:00Z`}::timestamptz, 'user:wang', '试', ${JSON.stringify(policies)})`);
  engine.plans.invalidate('main');
}

beforeAll(async () => {
  admin = await server.account('admin');
  seller = await server.account('member');
  await savePolicy('2026-03-01', [rule('name', 30), rule('mobile', 30)]);
  customers = await write(
    '2026-04-01',
    Array.from({ length: 100 }, (_, i) => ({
      op: 'create',
      object: 'customer',
      set: { name: `客户${i}`, mobile: `1380000${String(i).padStart(4, '0')}`, customer_type: null },
    })),
  );
  const deals = await write(
    '2026-04-02',
    customers.map((customer, i) => ({
      op: 'create',
      object: 'opportunity',
      set: { name: `商机${i}`, customer, stage: 'lead' },
    })),
  );
  // The first half is verified in time, the second only after its deals were decided: today both look alike.
  await write('2026-05-10', verify(customers.slice(0, 50)));
  await write(
    '2026-05-20',
    deals.map((id, i) => ({
      op: 'update',
      object: 'opportunity',
      id,
      set: { stage: (i < 50 ? i < 5 : i < 70) ? 'lost' : 'won' },
    })),
  );
  await keep('2026-03-30');
  await keep('2026-04-20');
  await keep('2026-05-20');
  await write('2026-05-25', [
    ...verify(customers.slice(50, 90)),
    ...customers.slice(90).map((id, i): Change => {
      return {
        op: 'update',
        object: 'customer',
        id,
        set: { mobile: `139000000${10 + i}` },
        verify: { fields: ['mobile'], method: 'phone' },
      };
    }),
  ]);
  await settled(db);
});

async function call<T>(path: string): Promise<T> {
  const reply = await admin({ method: 'GET', url: `/api/v1${path}` });
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json<T>();
}

interface Line {
  values: number;
  expired: { value: number; error: number } | null;
  change: { value: number } | null;
  confirmed: number;
  wrong: number;
  found: { value: number; low: number; high: number } | null;
}

interface Report {
  kept: { days: number; since: string };
  before: { id: string; days: number };
  all: Line;
  byField: (Line & { object: string; field: string })[];
  byPerson: (Line & { person: string | null })[];
  byDuty: (Line & { duty: string; people: number })[];
  outcomes: {
    id: string;
    bad: string[];
    figures: {
      customers: number;
      known: number;
      stale: { n: number; hits: number };
      fresh: { n: number; hits: number };
      difference: { value: number; low: number; high: number };
      verdict: string;
      overdue: { bad: number; rest: number };
    } | null;
  }[];
}

describe('the quarterly report', () => {
  it('tells the mean of the kept days: nothing past due on 20 April, half on 20 May, a tenth now', async () => {
    const report = await call<Report>('/evaluation/report?quarter=2026Q2');
    expect(report.kept).toMatchObject({ days: 3, since: '2026-03-30' });
    const mobile = report.byField.find((one) => one.object === 'customer' && one.field === 'mobile');
    // On 20 June those verified on 10 May are past due, those of 25 May (26 days ago) not.
    expect(mobile).toMatchObject({ values: 100, expired: { value: (0 + 0.5 + 0.5) / 3, error: 0 } });
    // Nothing was past due on the one day kept of the quarter before.
    expect(mobile?.change?.value).toBeCloseTo(1 / 3, 12);
  });

  it('counts what was verified and found wrong, with its interval, by field and person', async () => {
    const report = await call<Report>('/evaluation/report?quarter=2026Q2');
    const mobile = report.byField.find((one) => one.object === 'customer' && one.field === 'mobile');
    expect(mobile).toMatchObject({ confirmed: 90, wrong: 10 });
    expect(mobile?.found?.value).toBeCloseTo(0.1, 12);
    // Newcombe 1998, score method: 10 of 100 is 5.5 % to 17.4 %.
    expect(mobile?.found?.low).toBeCloseTo(0.0552, 3);
    expect(mobile?.found?.high).toBeCloseTo(0.1744, 3);
    expect(report.byPerson.find((one) => one.person === 'wang')).toMatchObject({ confirmed: 180, wrong: 10 });
    expect(report.all).toMatchObject({ confirmed: 180, wrong: 10 });
    expect(report.byDuty).toEqual([]);
    await db.query(
      sql`insert into w_main.duty (account, duties, updated_by) values ('wang', '{service,steward}', 'user:wang')`,
    );
    const { byDuty } = await call<Report>('/evaluation/report?quarter=2026Q2');
    expect(byDuty.map(({ duty, people, confirmed }) => [duty, people, confirmed])).toEqual([
      ['service', 1, 180],
      ['steward', 1, 180],
    ]);
  });

  it('keeps what was found on a day when its figures are taken anew, and counts what is undone against itself', async () => {
    const wrongOf = async () => (await call<Report>('/evaluation/report?quarter=2026Q2')).all.wrong;
    await db.query(sql`delete from w_main.figure_day where day = '2026-06-20'`);
    expect(await wrongOf()).toBe(10);
    await db.query(sql`
      insert into w_main.observation (record, field, at, age, outcome, how, actor, weight)
      select record, field, at, age, outcome, how, actor, -1 from w_main.observation where outcome = 'c' and how = 'v' order by seq limit 1`);
    expect(await wrongOf()).toBe(9);
    await db.query(sql`delete from w_main.observation where weight = -1`);
    await db.query(sql`update w_main.figure_state set seq = 0`);
    expect(await wrongOf()).toBe(10);
  });

  it('sets lost deals beside how stale data was when they were decided, not as it is now', async () => {
    const { outcomes } = await call<Report>('/evaluation/report?quarter=2026Q2');
    const deals = outcomes.find((one) => one.id === 'deals-lost');
    expect(deals?.figures).toMatchObject({
      customers: 100,
      known: 100,
      stale: { n: 50, hits: 20 },
      fresh: { n: 50, hits: 5 },
      verdict: 'apart',
      overdue: { bad: 0.8, rest: 0.4 },
    });
    expect(deals?.figures?.difference.value).toBeCloseTo(0.3, 12);
    // No order was cancelled: nothing is said. Interactions have no kind “complaint”: nothing can be counted.
    expect(outcomes.find((one) => one.id === 'orders-cancelled')?.figures?.verdict).toBe('few');
    expect(outcomes.find((one) => one.id === 'complaints')).toMatchObject({ bad: [], figures: null });
  });

  it('counts complaints once the field has an option that means it, by its label too', async () => {
    const catalog = await engine.catalog.get('main');
    const kind = readOutcomeKinds().find((one) => one.id === 'complaints');
    if (!kind) throw new Error('no complaints');
    expect(bindOutcome(catalog, kind)).toBeNull();
    const complaint = { value: 'k7', label: { zh: '投诉', en: 'Grievance' } };
    const objects = catalog.objects.map((object) =>
      object.name !== 'interaction'
        ? object
        : {
            ...object,
            fields: object.fields.map((field) =>
              field.name === 'kind' ? { ...field, options: [...(field.options ?? []), complaint] } : field,
            ),
          },
    );
    const bound = bindOutcome({ ...catalog, objects }, kind);
    expect(bound?.bad).toEqual(['k7']);
    expect(bound?.rest).toContain('call');
    expect(bound?.rest).not.toContain('k7');
  });

  it('leaves out what was imported as it ended: nobody knows when that was', async () => {
    const before = await call<Report>('/evaluation/report?quarter=2026Q2');
    const [customer] = await write('2026-05-01', [{ op: 'create', object: 'customer', set: { name: '旧客户' } }]);
    const changes: Change[] = [
      { op: 'create', object: 'opportunity', set: { name: '旧商机', customer, stage: 'lost' } },
    ];
    await engine.write.write(await ctx('2026-05-02', 'import'), changes, { kind: 'import' });
    const count = (report: Report) => report.outcomes.find((one) => one.id === 'deals-lost')?.figures?.customers;
    expect(count(await call<Report>('/evaluation/report?quarter=2026Q2'))).toBe(count(before));
  });

  it('compares with the quarter before, and comes as a table', async () => {
    await keep('2026-07-10');
    now = new Date('2026-07-10T03:00:00Z');
    const report = await call<Report>('/evaluation/report?quarter=2026Q3');
    now = new Date('2026-06-20T02:00:00Z');
    expect(report.before).toEqual({ id: '2026Q2', days: 3 });
    const mobile = report.byField.find((one) => one.object === 'customer' && one.field === 'mobile');
    expect(mobile?.expired?.value).toBe(1);
    expect(mobile?.change?.value).toBeCloseTo(1 - 1 / 3, 12);
    const reply = await admin({ method: 'GET', url: '/api/v1/evaluation/report.csv?quarter=2026Q2' });
    expect(reply.headers['content-type']).toContain('text/csv');
    expect(reply.body).toContain('客户 · 手机,100,0.3333');
    expect(reply.body).toContain('丢单,过期一半及以上,50,20,0.4000');
  });

  it('has what the team says of frequencies: the last word of each', async () => {
    const say = (as: As, payload: object) => as({ method: 'POST', url: '/api/v1/evaluation/feedback', payload });
    const mobile = { object: 'customer', field: 'mobile' };
    expect((await say(seller, { ...mobile, verdict: 'right' })).statusCode).toBe(200);
    expect((await say(seller, { ...mobile, verdict: 'too-often', note: '客户嫌烦' })).statusCode).toBe(200);
    expect((await say(seller, { object: 'customer', field: 'remark', verdict: 'right' })).statusCode).toBe(422);
    const { feedback } = await call<{ feedback: unknown }>('/evaluation/report?quarter=2026Q2');
    expect(feedback).toEqual({
      votes: [{ ...mobile, tooOften: 1, right: 0, tooSeldom: 0 }],
      notes: [{ ...mobile, at: now.toISOString(), name: 'user:wang', note: '客户嫌烦' }],
    });
  });

  it('is the administrator’s', async () => {
    for (const path of ['report', 'report.csv', 'quarters'])
      expect((await seller({ method: 'GET', url: `/api/v1/evaluation/${path}` })).statusCode).toBe(403);
    expect((await admin({ method: 'GET', url: '/api/v1/evaluation/report?quarter=2026Q5' })).statusCode).toBe(422);
  });
});

interface Effect {
  days: number;
  why: string | null;
  groups: { group: string; rules: number; before: { expired: number }; after: { expired: number } }[];
  compared: {
    against: string;
    expired: { value: number; interval: { low: number; high: number } | null };
    wrong: { verdict: string };
  } | null;
}

describe('a policy version', () => {
  const CHANGED = ['mobile', 'email', 'phone', 'address'];

  /** Shares past due, day by day: changed rules fall by 20 points (± 2 between them), the others by 5 (± 1). */
  async function history(): Promise<void> {
    const catalog = await engine.catalog.get('main');
    const object = catalog.objects.find((one) => one.name === 'customer');
    const fields = (object?.fields ?? []).filter((field) => field.tracked && !field.retired);
    await db.query(sql`truncate w_main.figure_field, w_main.policy_version restart identity`);
    await savePolicy('2025-01-01', []);
    await savePolicy(
      '2025-03-01',
      CHANGED.map((field) => rule(field, 10)),
    );
    const rows = Array.from({ length: 60 }, (_, i) => addDays('2025-01-31', i)).flatMap((day) =>
      fields.map((field, i) => {
        const after = day > '2025-03-01';
        const sway = (i % 2 ? 1 : -1) * 0.01;
        const share = CHANGED.includes(field.name) ? (after ? 0.2 + 2 * sway : 0.4) : after ? 0.25 + sway : 0.3;
        return {
          day,
          object: object?.id,
          field: field.id,
          segment: '',
          cells: 100,
          expired: 100 * share,
          wrong: 1,
          confirmed: 9,
        };
      }),
    );
    await db.query(sql`insert into w_main.figure_field (day, object, field, segment, cells, expired, wrong, confirmed)
      select day, object, field, segment, cells, expired, wrong, confirmed from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as x(day date, object int, field int, segment text, cells float8, expired float8, wrong int, confirmed int)`);
  }

  it('is compared with the rules it left alone, over windows of equal length', async () => {
    await history();
    await savePolicy('2025-03-31', []);
    const effect = await call<Effect>('/policies/versions/2/effect');
    expect(effect).toMatchObject({ days: 29, why: null });
    expect(effect.groups.map((one) => [one.group, one.rules])).toEqual([
      ['changed', 4],
      ['unchanged', expect.any(Number)],
    ]);
    expect(effect.groups[0]?.before.expired).toBeCloseTo(0.4, 9);
    expect(effect.compared?.against).toBe('unchanged');
    expect(effect.compared?.expired.value).toBeCloseTo(-0.15, 1);
    const { low = 0, high = 0 } = effect.compared?.expired.interval ?? {};
    expect(low < -0.13 && high > -0.17 && high < 0).toBe(true);
    expect(effect.compared?.wrong.verdict).toBe('not-apart');
  });

  it('compares fields as wholes where its segments are others: records moved between them', async () => {
    const object = (await engine.catalog.get('main')).objects.find((one) => one.name === 'customer');
    if (!object) throw new Error('no customers');
    const filter = { field: 'level', op: 'eq' as const, value: 'a' };
    const own = { ...rule('mobile', 10), segment: { name: { zh: '重点', en: 'Key' }, filter } };
    const [before, after] = [[rule('mobile', 30)], [rule('mobile', 30), own]];
    const changed = (lines: ReturnType<typeof rulesOf>) =>
      lines.filter((line) => line.changed).map((line) => [line.field, line.segment]);
    const mobile = object.fields.find((field) => field.name === 'mobile')?.id;
    expect(changed(rulesOf(object, before, after))).toEqual([[mobile, '*']]);
    expect(rulesOf(object, before, after).every((line) => line.segment === '*')).toBe(true);
    // The same segments before and after: only the rule in the segment is another.
    const slower = { ...own, everyDays: 20 };
    const lines = rulesOf(object, after, [rule('mobile', 30), slower]);
    expect(changed(lines)).toEqual([[mobile, segmentKey(filter)]]);
    expect(changed(rulesOf(object, after, after))).toEqual([]);
  });

  it('that changed every rule has nothing to be compared with, and says so', async () => {
    await history();
    const catalog = await engine.catalog.get('main');
    const every = (catalog.objects.find((one) => one.name === 'customer')?.fields ?? []).filter(
      (field) => field.tracked,
    );
    await db.query(
      sql`update w_main.policy_version set policies = ${JSON.stringify(every.map((field) => rule(field.name, 10)))} where version = 2`,
    );
    const effect = await call<Effect>('/policies/versions/2/effect');
    expect(effect.groups.map((one) => one.group)).toEqual(['changed']);
    expect(effect.compared).toMatchObject({ against: 'none' });
  });

  it('says why there is nothing to tell', async () => {
    await history();
    await savePolicy('2025-03-04', []);
    expect(await call<Effect>('/policies/versions/2/effect')).toMatchObject({ why: 'too-short', compared: null });
    expect(await call<Effect>('/policies/versions/3/effect')).toMatchObject({ compared: null });
    expect((await admin({ method: 'GET', url: '/api/v1/policies/versions/99/effect' })).statusCode).toBe(404);
  });
});
