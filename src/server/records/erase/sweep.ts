import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Traces } from '../../../domain/privacy/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../catalog/names.ts';

/** What stands in the place of a value that was taken out of a text. */
export const REDACTED = '■■';

/** Not looked at: what no value of a person is in, and what this module writes itself. Object tables have their own sweep (mentions.ts). */
const LEFT_OUT = new Set([
  ...['migration', 'catalog_version', 'object_def', 'field_def', 'purpose', 'purpose_text'],
  ...['audit_log', 'audit_head', 'audit_tile', 'audit_entry', 'audit_pending', 'delta'],
  ...['erasure', 'erasure_record', 'tombstone', 'erased_mark', 'search_entry', 'search_common', 'match_entry'],
]);
/** Rows that are wholly about whom they name. */
const DELETED = new Set(['import_reject', 'import_memory', 'notification']);
/** Tables of what is under way or was about one matter: short names are taken out of them too. */
const WORKING = new Set([
  ...[
    'import_reject',
    'import_run',
    'import_change',
    'notification',
    'mass_run',
    'mass_portion',
    'proposal',
    'form_submission',
    'greeting',
  ],
  ...[
    'ask',
    'ask_recipient',
    'contact_attempt',
    'snooze',
    'change_set',
    'access_request',
    'subject_request',
    'consent',
    'approval',
    'export_file',
    'approval_step',
  ],
  ...['job', 'job_progress', 'idempotency', 'file', 'outgoing'],
]);

interface Column {
  schema: string;
  table: string;
  name: string;
  type: string;
  [key: string]: unknown;
}

/** Columns with free content, of tables that hold any of this workspace. */
async function contentColumns(on: Queryable, workspace: string, objects: readonly string[]): Promise<Column[]> {
  const columns = await on.query<Column>(sql`
    select n.nspname as schema, c.relname as table, a.attname as name, format_type(a.atttypid, null) as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
      and format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb', 'json', 'character varying')
      and (n.nspname = ${`w_${workspace}`}
        or (n.nspname = 'xianke' and (c.relname, a.attname) in (('idempotency', 'response'), ('file', 'name'), ('job_progress', 'note'), ('outgoing', 'last_error')))
        or (n.nspname = 'jobs' and c.relname = 'job' and a.attname in ('data', 'output')))
      -- a key of a table, or what must be the only one, can't be written over alike in two rows
      and (c.relname in ('import_reject', 'import_memory', 'notification') or not exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey)))
    order by 1, 2, a.attnum`);
  return columns.filter(
    ({ schema, table }) => schema !== `w_${workspace}` || !(LEFT_OUT.has(table) || objects.includes(table)),
  );
}

/** The content of a column without what the expression finds. */
export function redacted(column: Sql, type: string, pattern: string): Sql {
  return sql`regexp_replace(${column}::text, ${pattern}, ${REDACTED}, 'gi')::${raw(type)}`;
}

/** Whether a text may name the person, quickly: the same folding as `needleText` of src/domain/privacy. */
export const mayName = (text: Sql, needles: readonly string[]): Sql =>
  sql`translate(lower(${text}), '０１２３４５６７８９-. ()', '0123456789') like any(${needles.map((one) => `%${one.replace(/[\\%_]/g, '\\$&')}%`)})`;

const tableName = ({ schema, table }: Column): Sql => sql`${ident(schema)}.${ident(table)}`;

/**
 * Takes the values out of everything in the database that keeps copies beside records: files' errors, previews, messages, jobs, answers to keys, saved
 * filters. Each table is read once for each expression. @returns rows per table
 */
export async function sweepCopies(
  on: Queryable,
  workspace: string,
  objects: readonly string[],
  { sure, texts, names, needles }: Traces,
): Promise<Record<string, number>> {
  const tables = new Map<string, Column[]>();
  for (const column of await contentColumns(on, workspace, objects)) {
    const key = `${column.schema}.${column.table}`;
    tables.set(key, [...(tables.get(key) ?? []), column]);
  }
  const touched: Record<string, number> = {};
  // A key of repetition is chosen by the client, and must stay the only one of its kind.
  for (const pattern of [...sure, ...texts, ...names])
    await on.query(
      sql`update xianke.idempotency set key = ${REDACTED} || gen_random_uuid() where workspace = ${workspace} and key ~* ${pattern}`,
    );
  for (const columns of tables.values()) {
    const [first] = columns;
    if (!first) continue;
    // Rows that hold a number of his go where rows are about one person; a text may be others' too, so there it is only taken out.
    const tries = [
      ...sure.map((pattern) => ({ pattern, whole: DELETED.has(first.table), needles })),
      ...[...texts, ...(WORKING.has(first.table) ? names : [])].map((pattern) => ({
        ...{ pattern, needles: null },
        // A header that was remembered can't be blacked out alike in two rows.
        whole: first.table === 'import_memory',
      })),
    ];
    for (const one of tries) {
      const n = await sweepTable(on, columns, one);
      if (n > 0) touched[first.table] = (touched[first.table] ?? 0) + n;
    }
  }
  return touched;
}

async function sweepTable(
  on: Queryable,
  columns: Column[],
  { pattern, whole, needles }: { pattern: string; whole: boolean; needles: readonly string[] | null },
): Promise<number> {
  const [first] = columns;
  if (!first) return 0;
  const hit = (column: Column): Sql => sql`t.${ident(column.name)}::text ~* ${pattern}`;
  const all = sql`concat_ws(E'\\n', ${join(
    columns.map(({ name }) => sql`t.${ident(name)}`),
    ', ',
  )})`;
  const found = sql`${needles ? mayName(all, needles) : sql`true`} and (${join(columns.map(hit), ' or ')})`;
  const set = join(
    columns.map((column) => {
      const own = sql`t.${ident(column.name)}`;
      return sql`${ident(column.name)} = case when ${hit(column)} then ${redacted(own, column.type, pattern)} else ${own} end`;
    }),
    ', ',
  );
  const change = whole ? sql`delete from ${tableName(first)} t` : sql`update ${tableName(first)} t set ${set}`;
  const [row] = await on.query<{ n: number }>(
    sql`with swept as (${change} where ${found} returning 1) select count(*)::int as n from swept`,
  );
  return row?.n ?? 0;
}

/**
 * Private parts of the audit log that name the person: salt and private part go, the commitment stays, and with it every proof (docs/decisions/0026).
 * Entries that wait for their leaf lose theirs before there is a commitment.
 */
export async function sweepAudit(on: Queryable, workspace: string, { sure, texts, names }: Traces): Promise<number> {
  let touched = 0;
  for (const pattern of [...sure, ...texts, ...names])
    for (const [table, set] of [
      ['audit_entry', sql`private = null, salt = null`],
      ['audit_pending', sql`private = null`],
    ] as const) {
      const [row] = await on.query<{ n: number }>(sql`
        with swept as (update ${tableOf(workspace, table)} set ${set} where private::text ~* ${pattern} returning 1)
        select count(*)::int as n from swept`);
      touched += row?.n ?? 0;
    }
  return touched;
}

/** The past of other records, where it quotes the person: values taken out, everything else as it was. `family`: records near him, where texts and names count. */
export async function sweepPast(
  on: Queryable,
  workspace: string,
  { sure, texts, names, needles }: Traces,
  family: readonly string[],
): Promise<number> {
  let touched = 0;
  const parts: [string, Sql][] = [
    ...sure.map((pattern): [string, Sql] => [pattern, sql`and ${mayName(sql`before::text`, needles)}`]),
    ...[...texts, ...names].map((pattern): [string, Sql] => [pattern, sql`and record = any(${family}::uuid[])`]),
  ];
  for (const [pattern, where] of parts) {
    const [row] = await on.query<{ n: number }>(sql`
      with swept as (update ${tableOf(workspace, 'delta')} set before = ${redacted(sql`before`, 'jsonb', pattern)}
        where true ${where} and before::text ~* ${pattern} returning 1) select count(*)::int as n from swept`);
    touched += row?.n ?? 0;
  }
  return touched;
}
