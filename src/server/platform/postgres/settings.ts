import { totalmem } from 'node:os';

const MB = 1024 ** 2;

/** Memory this process may use: the machine's, or the container's limit where there is one. Bytes. */
export function availableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
const megabytes = (bytes: number) => `${Math.round(bytes / MB)}MB`;

/**
 * Settings of the embedded server, for two cores and a shared machine. What is not here stays at PostgreSQL's default.
 * Durability is never traded: fsync, full_page_writes and synchronous_commit stay on.
 * Sizes after https://www.postgresql.org/docs/18/runtime-config-resource.html
 */
export function serverSettings(memory: number): Record<string, string> {
  return {
    max_connections: '60',
    // The rest is the system's page cache's. Where the pool is too small an edit copies ten pages from there: a third of its time at a million records.
    shared_buffers: megabytes(clamp(memory / 8, 128 * MB, 2048 * MB)),
    effective_cache_size: megabytes(memory / 2),
    work_mem: megabytes(clamp(memory / 512, 4 * MB, 32 * MB)),
    maintenance_work_mem: megabytes(clamp(memory / 32, 64 * MB, 512 * MB)),
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    // The embedded build knows pglz only, which takes longer than the edit that it is for: 0.15 ms a page, six pages an edit.
    wal_compression: 'off',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    random_page_cost: '1.1',
    jit: 'off',
    max_logical_replication_workers: '0',
    // Large tables are vacuumed and analysed long before a fifth of them has changed.
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_analyze_scale_factor: '0.02',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log must not hold customers' data: DETAIL lines quote the values of a violated key.
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    lc_messages: 'C',
  };
}

/** As a configuration file. */
export function settingsFile(settings: Record<string, string>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by xianke at each start; your own changes go through ALTER SYSTEM, which wins.\n${lines.join('\n')}\n`;
}
