import type { Bench } from '../harness/context.ts';
import { customers } from '../harness/context.ts';
import { round } from '../harness/figure.ts';
import { compare } from '../harness/load.ts';
import { TEAM } from '../harness/product.ts';
import { VIEW_FIELDS } from '../harness/thin-queries.ts';

const TOP = '018f0000-0000-7000-8000-00000000be01';
const BAR = 1.5;

/**
 * The price of permissions: lists of 50 as a manager whose rows are those of a whole department's owners, and who as a marketer sees all
 * others with personal data masked, against the administrator's. Rows differ in what they show, so each carries which roles reach it.
 */
export async function measureAccess(bench: Bench): Promise<void> {
  const { add, admin, db, member, people } = bench;
  const { rows } = await db.query<{ id: string }>(`select id::text as id from auth."user" where name = any($1)`, [
    TEAM,
  ]);
  const put = (path: string, body: unknown) => admin.json({ method: 'PUT', path: `/api/v1${path}`, body });
  const size = (await customers(db)).toLocaleString('en');
  const cases = [
    ['manager', 'of a department', ['manager'], rows.length],
    ['narrow', 'of a department with one other person', ['manager'], 2],
    ['several', 'of a department, and marketer of all', ['manager', 'marketing'], rows.length],
  ] as const;
  for (const [name, who, roles, owners] of cases) {
    const accounts = [people.memberId, ...rows.map(({ id }) => id).filter((id) => id !== people.memberId)].slice(
      0,
      owners,
    );
    await put(`/departments/${TOP}`, { name: '华东', parent: null, manager: people.memberId, accounts });
    await put(`/people/${people.memberId}/roles`, { roles });
    const ask = (by: typeof admin, i: number) => {
      const { sort, filter } = QUESTIONS[i % QUESTIONS.length] ?? {};
      const body = { object: 'customer', fields: VIEW_FIELDS, count: 'none', page: { limit: 50 }, sort, filter };
      return by.send({ path: '/api/v1/records/query', body });
    };
    const found = await compare(
      { scoped: (i) => ask(member, i), all: (i) => ask(admin, i) },
      { connections: 1, requests: 200, rounds: bench.options.rounds, cpu: () => ({ node: 0, postgres: 0 }) },
    );
    const { scoped, all } = found.of;
    add({
      name: `access.${name}`,
      title: `list of 50 among ${size} as a manager ${who}, against the administrator's: p50`,
      value: scoped.p50,
      unit: 'ms',
      floor: { value: all.p50, unit: 'ms', what: 'administrator' },
      ratio: found.ratio('p50', 'scoped', 'all'),
      bar: { of: 'ratio', most: BAR },
      note: `p95 ${round(scoped.p95)} (administrator ${round(all.p95)}) ms`,
    });
  }
  await put(`/people/${people.memberId}/roles`, { roles: ['member'] });
  await put(`/departments/${TOP}`, { name: '华东', parent: null, manager: null, accounts: [] });
}

const QUESTIONS = [
  { sort: [{ field: '$updated_at', dir: 'desc' }] },
  { sort: [{ field: 'name', dir: 'asc' }] },
  { sort: [{ field: 'last_followup_at', dir: 'desc' }] },
  {
    sort: [{ field: 'name', dir: 'asc' }],
    filter: {
      all: [
        { field: 'level', op: 'eq', value: 'a' },
        { field: 'customer_type', op: 'eq', value: 'signed' },
      ],
    },
  },
] as { sort: unknown; filter?: unknown }[];
