import sql, { raw } from 'sql-template-tag';
import type { Queryable } from '../postgres/db.ts';
import { unknownThing } from './backup-errors.ts';

/** Statements that make a database of the same form: tables before their rows are there, everything that rows are checked by and found by afterwards. */
export interface SchemaScript {
  before: string[];
  after: string[];
}

/** A table with rows of its own. */
export interface TableName {
  schema: string;
  table: string;
  columns: string[];
}

/**
 * The form of schemas, read from the catalogs of PostgreSQL (chapter “System Catalogs” of its documentation). What this program never makes – views, rules,
 * sequences without a column, foreign tables – is refused, so that nothing can be left out silently.
 */
export async function describeSchema(on: Queryable, schemas: readonly string[]): Promise<SchemaScript> {
  await refuseUnknown(on, schemas);
  const texts = async (query: string): Promise<string[]> =>
    (await on.query<{ text: string }>(sql`${raw(query.replaceAll('$SCHEMAS', list(schemas)))}`)).map(
      ({ text }) => text,
    );
  return {
    before: [
      ...(await texts(`select format('create extension if not exists %I with schema %I', extname, n.nspname) as text
        from pg_extension join pg_namespace n on n.oid = extnamespace where extname <> 'plpgsql' order by 1`)),
      ...schemas.map((schema) => `create schema ${quoted(schema)}`),
      ...(await texts(`select format('create type %I.%I as enum (%s)', n.nspname, t.typname,
          (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)) as text
        from pg_type t join pg_namespace n on n.oid = typnamespace where typtype = 'e' and n.nspname in ($SCHEMAS) order by 1`)),
      ...(await texts(TABLES)),
      // Their bodies may name tables.
      ...(await texts(`select pg_get_functiondef(p.oid) as text from pg_proc p join pg_namespace n on n.oid = pronamespace
        where n.nspname in ($SCHEMAS) order by n.nspname, proname`)),
    ],
    after: [
      ...(await texts(SEQUENCES)),
      ...(await texts(CONSTRAINTS('p', 'u', 'x', 'c'))),
      ...(await texts(INDEXES)),
      ...(await texts(CONSTRAINTS('f'))),
      ...(await texts(`select pg_get_triggerdef(t.oid) as text from pg_trigger t join pg_class c on c.oid = tgrelid
        join pg_namespace n on n.oid = relnamespace where not tgisinternal and tgparentid = 0 and n.nspname in ($SCHEMAS)
        order by n.nspname, relname, tgname`)),
      ...(await texts(`select format('comment on schema %I is %L', nspname, obj_description(oid, 'pg_namespace')) as text
        from pg_namespace where nspname in ($SCHEMAS) and obj_description(oid, 'pg_namespace') is not null order by 1`)),
    ],
  };
}

/** Tables of these schemas, partitions instead of what they are parts of. */
export function listTables(on: Queryable, schemas: readonly string[]): Promise<TableName[]> {
  return on.query<TableName & Record<string, unknown>>(sql`
    select n.nspname as schema, c.relname as table,
      (select coalesce(array_agg(attname::text order by attnum), '{}') from pg_attribute a
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and n.nspname = any(${schemas}::text[]) order by 1, 2`);
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const list = (names: readonly string[]): string => names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ');

async function refuseUnknown(on: Queryable, schemas: readonly string[]): Promise<void> {
  const rows = await on.query<{ name: string }>(sql`
    select format('%I.%I', n.nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
    where n.nspname = any(${schemas}::text[]) and (relkind not in ('r', 'p', 'i', 'I', 'S', 't')
      or relkind = 'S' and not exists (select from pg_depend where objid = c.oid and deptype = 'i')
      or relkind in ('r', 'p') and (relrowsecurity or reloftype <> 0)
      or relkind = 'r' and not relispartition and exists (select from pg_inherits where inhrelid = c.oid))
    union all select format('%I.%I', n.nspname, typname) from pg_type t join pg_namespace n on n.oid = typnamespace
    where n.nspname = any(${schemas}::text[]) and typtype in ('d', 'r', 'm')
    union all select stxname from pg_statistic_ext join pg_namespace n on n.oid = stxnamespace where n.nspname = any(${schemas}::text[])`);
  const [row] = rows;
  if (row) throw unknownThing(row.name);
}

const TABLES = `
select case when c.relispartition
  then format('create table %I.%I partition of %s %s', n.nspname, c.relname,
    (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid), pg_get_expr(c.relpartbound, c.oid))
  else format('create %s table %I.%I (%s)%s%s', case c.relpersistence when 'u' then 'unlogged' else '' end, n.nspname, c.relname,
    coalesce((select string_agg(format('%I %s%s%s%s', attname, format_type(atttypid, atttypmod),
        case when attcollation <> t.typcollation then (select format(' collate %I.%I', cn.nspname, collname)
          from pg_collation l join pg_namespace cn on cn.oid = collnamespace where l.oid = attcollation) else '' end,
        case when attidentity <> '' then format(' generated %s as identity', case attidentity when 'a' then 'always' else 'by default' end)
          when attgenerated <> '' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
          when d.oid is not null then format(' default %s', pg_get_expr(d.adbin, d.adrelid)) else '' end,
        case when attnotnull then ' not null' else '' end), ', ' order by attnum)
      from pg_attribute a join pg_type t on t.oid = atttypid left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
      where attrelid = c.oid and attnum > 0 and not attisdropped), ''),
    case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end,
    case when c.reloptions is not null then format(' with (%s)', array_to_string(c.reloptions, ', ')) else '' end)
  end as text
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind in ('r', 'p') and n.nspname in ($SCHEMAS) order by relispartition, n.nspname, relname`;

const SEQUENCES = `
select format('select setval(pg_get_serial_sequence(%L, %L), %s, %L)', format('%I.%I', n.nspname, t.relname), attname,
  coalesce(pg_sequence_last_value(c.oid), 1), pg_sequence_last_value(c.oid) is not null) as text
from pg_class c join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i'
join pg_class t on t.oid = d.refobjid join pg_attribute a on attrelid = t.oid and attnum = d.refobjsubid
join pg_namespace n on n.oid = t.relnamespace where c.relkind = 'S' and n.nspname in ($SCHEMAS) order by 1`;

const CONSTRAINTS = (...kinds: string[]) => `
select format('alter table %I.%I add constraint %I %s', n.nspname, c.relname, conname, pg_get_constraintdef(k.oid)) as text
from pg_constraint k join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = relnamespace
where n.nspname in ($SCHEMAS) and contype in (${kinds.map((kind) => `'${kind}'`).join(', ')}) and conparentid = 0 and coninhcount = 0
order by n.nspname, relname, contype <> 'p', conname`;

const INDEXES = `
select replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as text
from pg_index i join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
where n.nspname in ($SCHEMAS) and indisvalid and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
  and not exists (select from pg_inherits where inhrelid = i.indexrelid)
order by n.nspname, c.relname`;
