import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';
import { type Cluster, prepareCluster, programEnvironment, ROLE } from './cluster.ts';
import { type Postmaster, probe, readLockFile, vitality } from './postmaster.ts';
import { lifeOf, processesIn } from './processes.ts';

const PORT = 5432;
/** How long we go on trying to start a server that won't. Orphans of a killed one hold its memory for some seconds. */
const PATIENCE_MS = 60_000;
/** From this failed start on, processes that a dead postmaster left behind are ended by us. */
const ATTEMPTS_BEFORE_ORPHANS_END = 4;
/** Starts that no repetition will mend. */
const HOPELESS = /FATAL: .*(contains errors|incompatible with server|has wrong ownership|has invalid permissions)/;
const LOG_LIMIT = 10 * 1024 ** 2;

export interface EmbeddedServer {
  readonly cluster: Cluster;
  readonly postmaster: Postmaster;
  /** Stops looking after the server, and stops it if no other living process of ours answers for it. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** Over the built-in server settings: tests turn fsync off. */
  settings?: Record<string, string>;
}

/**
 * Starts PostgreSQL on the data directory, or attaches to the one that outlived a killed app, and restarts it whenever
 * it dies, until `close`. The server is a session of its own: signals to the app's terminal don't reach it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const supervisor = new Supervisor(await prepareCluster(options.dataDir, options.settings), options.log);
  await supervisor.ensureRunning();
  supervisor.watch();
  return supervisor;
}

class Supervisor implements EmbeddedServer {
  readonly cluster: Cluster;
  readonly #log: Log;
  #postmaster: Postmaster | undefined;
  #child: ChildProcess | undefined;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, log: Log) {
    this.cluster = cluster;
    this.#log = log;
  }

  get postmaster(): Postmaster {
    if (!this.#postmaster) throw new Error('the embedded server has not been started');
    return this.#postmaster;
  }

  /** Returns when the server answers. Throws after a minute of failed starts; a server that is recovering may take longer. */
  async ensureRunning(): Promise<void> {
    let deadline = Date.now() + PATIENCE_MS;
    let attempts = 0;
    while (!this.#closing) {
      const found = readLockFile(this.cluster.directory);
      const state = found ? vitality(found, this.cluster.directory) : 'dead';
      if (found && state === 'alive') {
        const answer = await probe(found, ROLE);
        if (answer === 'ready') return this.#adopt(found, attempts);
        if (answer === 'busy') deadline = Date.now() + PATIENCE_MS;
      } else if (!this.#childRuns()) {
        attempts++;
        if (attempts >= ATTEMPTS_BEFORE_ORPHANS_END) this.#endOrphans();
        if (state === 'foreign') rmSync(join(this.cluster.directory, 'postmaster.pid'), { force: true });
        this.#spawn();
      }
      if (Date.now() > deadline) throw startFailed(this.cluster, attempts);
      await this.#pause(attempts);
    }
  }

  /** Short while a start is under way; longer and longer between starts that failed, none at all when they are hopeless. */
  async #pause(attempts: number): Promise<void> {
    const until = Date.now() + Math.min(50 * 2 ** attempts, 2_000);
    await delay(25);
    while (!this.#closing && !this.#childRuns() && attempts > 0 && Date.now() < until) {
      if (HOPELESS.test(logTail(this.cluster))) throw startFailed(this.cluster, attempts);
      await delay(25);
    }
  }

  watch(): void {
    const check = async () => {
      if (this.#closing) return;
      const found = readLockFile(this.cluster.directory);
      if (!found || vitality(found, this.cluster.directory) !== 'alive') {
        this.#log.warn('the embedded database is gone, starting it again');
        await this.ensureRunning().catch((error: Error) =>
          this.#log.error({ err: error }, 'the database does not start'),
        );
      }
      if (this.#closing) return;
      this.#timer = setTimeout(check, 500);
      this.#timer.unref();
    };
    void check();
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const found = readLockFile(this.cluster.directory);
    if (!found || vitality(found, this.cluster.directory) !== 'alive' || !this.#isOurs()) return;
    // SIGINT is "fast": transactions are rolled back, everything is written, no recovery is needed at the next start.
    signal(found.pid, 'SIGINT');
    for (let waited = 0; vitality(found, this.cluster.directory) === 'alive'; waited += 50) {
      if (waited === 60_000) signal(found.pid, 'SIGQUIT');
      await delay(50);
    }
    rmSync(this.cluster.owner, { force: true });
  }

  #adopt(found: Postmaster, attempts: number): void {
    this.#postmaster = found;
    const owner = readOwner(this.cluster);
    const ownerLives = owner !== undefined && owner === lifeOf(Number.parseInt(owner, 10));
    if (!ownerLives || this.#childRuns())
      writeFileSync(this.cluster.owner, `${lifeOf(process.pid)}\n`, { mode: 0o600 });
    this.#log.debug({ pid: found.pid, attempts, attached: attempts === 0 }, 'embedded database is ready');
  }

  /** The process that started the server, or found it orphaned, answers for it. */
  #isOurs(): boolean {
    return readOwner(this.cluster) === lifeOf(process.pid);
  }

  #childRuns(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #spawn(): void {
    const { binaries, directory, socketDirectory, user } = this.cluster;
    const log = openLog(this.cluster);
    // biome-ignore format: one option a line
    const options = ['-D', directory, '-p', String(PORT), '-c', 'listen_addresses=',
      '-c', `unix_socket_directories=${socketDirectory}`, '-c', 'unix_socket_permissions=0700'];
    this.#child = spawn(binaries.postgres, options, {
      ...user,
      cwd: '/',
      env: programEnvironment,
      detached: true,
      stdio: ['ignore', log, log],
    });
    this.#child.on('error', (error) => this.#log.error({ err: error }, 'the database program does not run'));
    this.#child.unref();
    closeSync(log);
  }

  /** After kill -9 of the postmaster its children may go on for a while (a long query) and hold the shared memory. */
  #endOrphans(): void {
    const orphans = processesIn(this.cluster.directory);
    if (orphans.length === 0) return;
    this.#log.warn({ orphans }, 'ending processes that a dead postmaster left behind');
    for (const pid of orphans) signal(pid, 'SIGKILL');
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readOwner(cluster: Cluster): string | undefined {
  try {
    return readFileSync(cluster.owner, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function openLog(cluster: Cluster): number {
  try {
    if (statSync(cluster.log).size > LOG_LIMIT) renameSync(cluster.log, `${cluster.log}.1`);
  } catch {
    // There is no log yet.
  }
  const log = openSync(cluster.log, 'a', 0o600);
  if (cluster.user) chownSync(cluster.log, cluster.user.uid, cluster.user.gid);
  return log;
}

function startFailed(cluster: Cluster, attempts: number): StartError {
  const tail = logTail(cluster);
  return new StartError('database-start-failed', {
    zh: `内置数据库启动失败（尝试 ${attempts} 次）。日志 ${cluster.log} 的最后几行：\n${tail}`,
    en: `The embedded database did not start (${attempts} attempts). The last lines of its log ${cluster.log}:\n${tail}`,
  });
}

function logTail(cluster: Cluster): string {
  try {
    return readFileSync(cluster.log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    return '';
  }
}
