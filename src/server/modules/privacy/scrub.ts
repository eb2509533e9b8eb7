import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

const LOCK_NOT_AVAILABLE = '55P03';
/** Tables larger than this are not written anew: nobody may use them meanwhile. Bytes; about half a minute. */
const MOST_REWRITTEN = 2 * 1024 ** 3;
// PostgreSQL keeps the commonest values of columns among its statistics, and old versions of those.
const STATISTICS = 'pg_catalog.pg_statistic';
const SHARED = ['xianke.idempotency', 'xianke.file', 'xianke.job_progress', 'xianke.outgoing', 'jobs.job', STATISTICS];

/**
 * Writes the tables anew that erasures touched, so that no old version of a row is left in the files of the database, and takes new statistics:
 * PostgreSQL keeps the commonest values of each column there. Larger tables are vacuumed: their old versions go, their bytes are written over with time.
 * While somebody still reads as of before, or a table is in use, it is left for another night.
 * @returns tables written anew
 */
export async function scrub(db: Db, workspace: string): Promise<string[]> {
  const due = await db.query<{ id: string; unscrubbed: string[] }>(
    sql`select id, unscrubbed from ${tableOf(workspace, 'erasure')} where state = 'done' and unscrubbed <> '{}'`,
  );
  if (due.length === 0) return [];
  if (!(await isOld(db))) return [];
  const names = new Set(due.flatMap(({ unscrubbed }) => unscrubbed));
  const wanted = [...names].map((name) => `w_${workspace}.${name}`).concat(SHARED);
  const tables = await db.query<{ name: string; bytes: number }>(sql`
    select format('%I.%I', n.nspname, c.relname) as name, pg_total_relation_size(c.oid)::float8 as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any(${wanted})
    order by n.nspname = 'pg_catalog', 1`);
  const rewritten: string[] = [];
  const waiting: string[] = [];
  const client = await db.pool.connect();
  try {
    // Who waits for a table keeps everybody behind him waiting: rather another night.
    await client.query("set lock_timeout = '3s'");
    for (const { name, bytes } of tables) {
      const full = bytes <= MOST_REWRITTEN;
      try {
        // The statistics just replaced are old to everybody only when those who began before have gone.
        if (name === STATISTICS && !(await isOld(db))) return rewritten;
        await client.query(`vacuum ${full ? '(full, analyze)' : '(analyze)'} ${name}`);
        await forgetStatistics(client, name);
        if (full) rewritten.push(name);
      } catch (error) {
        if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
        waiting.push(name.replace(/^.*\./, '').replaceAll('"', ''));
      }
    }
  } finally {
    await client.query('reset lock_timeout').catch(() => undefined);
    client.release();
  }
  await db.query(
    sql`update ${tableOf(workspace, 'erasure')} set unscrubbed = ${waiting}::text[] where id = any(${due.map(({ id }) => id)}::uuid[])`,
  );
  return rewritten;
}

/**
 * ANALYZE leaves the old statistics of a table that has no rows any more, and only its superuser may delete them. Whoever owns it may give a column the type
 * that it has, which forgets them (tablecmds.c, ATExecAlterColumnType) and is nothing else for an empty table.
 */
async function forgetStatistics(client: PoolClient, name: string): Promise<void> {
  if (name === STATISTICS) return;
  const { rows } = await client.query<{ change: string | null }>(
    `select string_agg(format('alter column %I type %s', attname, format_type(atttypid, atttypmod)), ', ') as change
     from pg_attribute join pg_class c on c.oid = attrelid where attrelid = $1::regclass and c.relkind = 'r' and attnum > 0
       and not attisdropped and attgenerated = '' and not exists (select from ${name})`,
    [name],
  );
  if (rows[0]?.change) await client.query(`alter table ${name} ${rows[0].change}`);
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 250;

/** Whether everybody who might still see what was erased has gone: rows that somebody may see are carried over into the new file. */
async function isOld(db: Db): Promise<boolean> {
  const [now] = await db.query<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`);
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
    const [row] = await db.query<{ reads: boolean }>(sql`select exists (select from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_xmin is not null and age(backend_xmin) >= age(${now?.xid ?? '0'}::xid)) as reads`);
    if (!row?.reads) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
