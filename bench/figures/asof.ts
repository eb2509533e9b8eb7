import { type Bench, customers } from '../harness/context.ts';
import { round } from '../harness/figure.ts';
import { load } from '../harness/load.ts';
import { VIEW_FIELDS } from '../harness/thin-queries.ts';

/**
 * Lists as of before the last changes: one for each customer that there is. The changes are written by SQL in the write
 * door's own form, two per customer of the first import, under one change set each thousand.
 */
export async function measureAsOf(bench: Bench): Promise<void> {
  const { add, db, member, say } = bench;
  const size = await customers(db);
  const { rows: sets } = await db.query<{ id: string }>(
    `select id from w_main.change_set where kind = 'import' and status = 'done' order by id limit 1`,
  );
  const { rows: clock } = await db.query<{ now: Date }>('select clock_timestamp() as now');
  const asOf = clock[0]?.now.toISOString() ?? '';
  const query = {
    object: 'customer',
    fields: VIEW_FIELDS,
    sort: [{ field: 'name', dir: 'asc' }],
    page: { limit: 50 },
  };
  const list = (more: object = {}) =>
    member.json<{ rows: { id: string; values: Record<string, unknown> }[] }>({
      path: '/api/v1/records/query',
      body: { ...query, ...more },
    });
  const before = await list();
  say(`${size.toLocaleString('en')} changes`);
  const made = await change(bench, sets[0]?.id ?? '');
  const same = JSON.stringify(before.rows.map(({ id, values }) => [id, values]));
  const then = await list({ asOf });
  const works = JSON.stringify(then.rows.map(({ id, values }) => [id, values])) === same;
  const changed = JSON.stringify((await list()).rows.map(({ id, values }) => [id, values])) !== same;
  if (!changed) throw new Error('the changes do not show in the list');
  const found = works
    ? await load((i) => list({ asOf, sort: [{ field: SORTS[i % SORTS.length] ?? 'name', dir: 'asc' }] }), {
        connections: 1,
        requests: 100,
      })
    : null;
  add({
    name: 'asof.p95',
    title: `list of 50 as of before the last ${made.toLocaleString('en')} changes, p95`,
    value: found?.p95 ?? null,
    unit: 'ms',
    bar: { of: 'value', most: 300 },
    note: found
      ? `p50 ${round(found.p50)} ms, longest ${round(found.times.at(-1) ?? 0)} ms, sorted by ${SORTS.join(', ')} in turn`
      : 'the list is not the one there was',
  });
}

const SORTS = ['name', 'last_followup_at', 'level'];

/** Two changes of each customer of an import, twenty-five days long, in slices so that no statement is too large. Returns how many. */
async function change({ db }: Bench, changeSet: string): Promise<number> {
  await db.query('begin');
  const { rowCount } = await db.query(
    `with picked as (
      select id, version, level, contact_title, row_number() over (order by md5(id::text)) as n
      from w_main.customer where created_in = $1 and deleted_at is null
    ), sets as (
      insert into w_main.change_set (id, at, actor, source, kind, status)
      select gen_random_uuid(), clock_timestamp() + g * interval '1 millisecond', 'user:bench', 'api', 'bulk', 'done'
      from generate_series(0, (select count(*) from picked) * 2 / 1000) g returning id
    ), numbered as (select id, row_number() over () - 1 as g from sets),
    u as (
      update w_main.customer t set level = case p.level when 'a' then 'b' when 'b' then 'c' else 'a' end, contact_title = '区域经理',
        name = case when p.n % 10 = 0 then t.name || '（更名）' else t.name end,
        version = p.version + 2, updated_at = clock_timestamp(), updated_by = 'user:bench'
      from picked p where t.id = p.id returning t.id, p.version, p.level, p.contact_title, p.n, left(t.name, -4) as old_name
    ), two as (
      select u.*, 1 as step, jsonb_build_object('level', level) ||
        case when n % 10 = 0 then jsonb_build_object('name', old_name) else '{}' end as before from u
      union all select u.*, 2, jsonb_build_object('contact_title', contact_title) from u
    )
    insert into w_main.delta (record, version, object, change_set, at, actor, source, kind, before)
    select two.id, two.version + step, (select id from w_main.object_def where name = 'customer'), numbered.id,
      clock_timestamp(), 'user:bench', 'api', 'u', before
    from two join numbered on numbered.g = (two.n * 2 + step) / 1000`,
    [changeSet],
  );
  await db.query('commit');
  await db.query('analyze w_main.customer');
  await db.query('analyze w_main.delta');
  return rowCount ?? 0;
}
