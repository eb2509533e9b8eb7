/** What the floors of reads and edits run: one statement each, over one table with the indexes it wants. Shared by the bare driver and the thin server. */
export const TABLE = 'floor.thin';

/** The columns of the template's first view, and the system's. */
export const VIEW_FIELDS = [
  'name',
  'number',
  'customer_type',
  'level',
  'industry',
  'contact_name',
  'mobile',
  'phone',
  'email',
  'region',
  'owner',
  'last_followup_at',
  'next_followup_on',
] as const;

export const EDITED = ['level', 'contact_title', 'remark', 'mobile'] as const;

const COLUMNS = ['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by', ...VIEW_FIELDS]
  .map((name) => `t."${name}"`)
  .join(', ');
const PINYIN = 'collate "zh-Hans-CN-x-icu"';

const page = (order: string, where = '') => `select ${COLUMNS} from ${TABLE} t ${where} order by ${order} limit 50`;

const edit = (column: string) => `
  with old as (select id, ${column} as before from ${TABLE} where id = $1 for update),
  u as (update ${TABLE} t set ${column} = $2, version = t.version + 1, updated_at = now(), updated_by = $3 from old where t.id = old.id
    returning t.id, t.version)
  insert into floor.history (record, version, at, actor, before)
  select u.id, u.version, now(), $3, jsonb_build_object('${column}', old.before) from u join old using (id) returning record, version`;

export const QUERIES: Record<string, string> = {
  'sorted.name': page(`t.name ${PINYIN}, t.id`),
  'sorted.last_followup_at': page('t.last_followup_at desc nulls last, t.id desc'),
  'sorted.$updated_at': page('t.updated_at desc, t.id desc'),
  'filtered.type': page('t.last_followup_at desc nulls last, t.id desc', 'where t.customer_type = $1 and t.level = $2'),
  'filtered.owner': page(`t.name ${PINYIN}, t.id`, 'where t.owner = $1 and t.level = $2'),
  'page.200': `select ${COLUMNS} from (select id, name from ${TABLE} order by name ${PINYIN}, id limit 50 offset 9950) p
    join ${TABLE} t on t.id = p.id order by t.name ${PINYIN}, t.id`,
  'search.newest': `select s.record as id, t.name as title, t.mobile from
    (select record from floor.search where object = $1 and doc like $2 order by record desc limit 20) s join ${TABLE} t on t.id = s.record`,
  'search.grams': `select s.record as id, t.name as title, t.mobile from
    (select record from (select record from floor.search where grams @> $1::int[] and doc like $2 offset 0) f order by record desc limit 20) s
    join ${TABLE} t on t.id = s.record`,
  ...Object.fromEntries(EDITED.map((column) => [`edit.${column}`, edit(column)])),
};

/** Copies what the product holds now, with ideal indexes for these statements and no others. */
export const SET_UP = [
  'create schema if not exists floor',
  `drop table if exists ${TABLE}, floor.history, floor.search`,
  `create table ${TABLE} with (fillfactor = 90) as select * from w_main.customer where deleted_at is null`,
  `alter table ${TABLE} add primary key (id)`,
  `create index on ${TABLE} (name ${PINYIN}, id)`,
  `create index on ${TABLE} (last_followup_at desc nulls last, id desc)`,
  `create index on ${TABLE} (updated_at, id)`,
  `create index on ${TABLE} (customer_type, level, last_followup_at desc nulls last, id desc)`,
  `create index on ${TABLE} (owner, level, name ${PINYIN}, id)`,
  `create index on ${TABLE} (mobile)`,
  'create table floor.history (record uuid not null, version int not null, at timestamptz not null, actor text not null, before jsonb not null, primary key (record, version))',
  'create table floor.search (like w_main.search_entry including all)',
  'insert into floor.search select * from w_main.search_entry',
  `vacuum (analyze) ${TABLE}`,
  'vacuum (analyze) floor.search',
];
