import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { TableError } from '../server/platform/tabular/notice.ts';
import type { TableOptions } from '../server/platform/tabular/open-table.ts';
import type { CheckReply } from './check-thread.ts';

const SECONDS = 50;
const RSS_LIMIT = 720 * 1024 * 1024;
const HEAP_MB = 448;

/**
 * `xianke check FILE [--sheet NAME] [--header ROW] [--encoding LABEL] [--delimiter D] [--no-quotes]`: reads a file as an import
 * would and writes what was read as a UTF-8 CSV. Needs no database.
 * Last line of stdout: `{"rows","rejected","warnings","table",…}` with exit code 0, or `{"error","message"}` with exit code 1.
 */
export async function runCheck(args: string[]): Promise<number> {
  const { path, options } = parseArguments(args);
  if (path === undefined) return say({ error: 'usage', message: '用法 / usage: xianke check FILE' });
  const worker = startThread({
    workerData: { path: resolve(path), options },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 64 },
  });
  try {
    const reply = await answerOf(worker);
    if ('result' in reply) return say(reply.result);
    const { code, zh, en } = reply.failed;
    return say({ error: code, message: `${zh} ${en}` });
  } catch (error) {
    const known =
      error instanceof TableError
        ? error
        : new TableError(
            'internal',
            { detail: error instanceof Error ? error.message.slice(0, 200) : String(error) },
            error,
          );
    return say({ error: known.code, message: `${known.text.zh} ${known.text.en}` });
  } finally {
    // A thread that doesn't end by itself is not waited for.
    const left = setTimeout(() => process.exit(), 2000);
    await worker.terminate();
    clearTimeout(left);
  }
}

/** The reply of the thread, or a refusal when it takes too long or too much memory. */
function answerOf(worker: Worker): Promise<CheckReply> {
  return new Promise((done, fail) => {
    const clock = setTimeout(() => fail(new TableError('timeout', { seconds: SECONDS })), SECONDS * 1000);
    const memory = setInterval(() => {
      if (process.memoryUsage.rss() > RSS_LIMIT) fail(new TableError('out-of-memory'));
    }, 50);
    worker.once('message', (reply: CheckReply) => done(reply));
    worker.once('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new TableError('out-of-memory') : error);
    });
    worker.once('exit', () => {
      clearTimeout(clock);
      clearInterval(memory);
      fail(new Error('the reader ended'));
    });
  });
}

/** The thread's code stands beside this file: JavaScript in the bundle; in development TypeScript, which Node can't load by itself. */
function startThread(options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./check-thread.js', import.meta.url), options);
  const loader = import.meta.resolve('tsx/esm/api');
  const code = new URL('./check-thread.ts', import.meta.url).href;
  return new Worker(`import('${loader}').then(({ register }) => { register(); return import('${code}'); })`, {
    ...options,
    eval: true,
  });
}

function say(line: object): number {
  process.stdout.write(`${JSON.stringify(line)}\n`);
  const code = 'error' in line ? 1 : 0;
  process.exitCode = code;
  return code;
}

function parseArguments(args: string[]): { path?: string; options: TableOptions } {
  const options: TableOptions = {};
  let path: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--sheet') options.sheet = args[++i] ?? '';
    else if (arg === '--header') options.header = Number(args[++i]);
    else if (arg === '--encoding') options.encoding = args[++i] ?? '';
    else if (arg === '--delimiter') options.delimiter = (args[++i] ?? '').replace('\\t', '\t');
    else if (arg === '--no-quotes') options.quote = '';
    else path ??= arg;
  }
  return path === undefined ? { options } : { path, options };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await runCheck(process.argv.slice(2));
}
