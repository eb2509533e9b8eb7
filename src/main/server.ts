import { compose } from '../server/app.ts';
import { DEFAULT_PORT, readConfig } from '../server/platform/config.ts';
import { giveBackMemory } from '../server/platform/give-back.ts';
import type { App } from '../server/platform/http/server.ts';
import { createLog } from '../server/platform/log.ts';
import { connect } from '../server/platform/postgres/connect.ts';
import { StartError } from '../server/platform/start-error.ts';
import { onStop } from './stop.ts';

/** What is open; closed in this order at the end, also when the start fails. */
const closers: (() => Promise<void>)[] = [];

/** The server: configuration → database → product → listen, until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  onStop(log, closers);
  const connection = await connect({ ...config, log });
  closers.push(() => connection.close());
  const product = await compose(config, connection, log);
  closers.unshift(() => product.close());
  const port = await listen(product.app, config.host, config.port);
  announce(config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`);
}

/** A port that was asked for must be free; without one, the first free one from 7300 on is taken. */
async function listen(app: App, host: string, wanted: number | undefined): Promise<number> {
  for (let port = wanted ?? DEFAULT_PORT; ; port++) {
    try {
      await app.listen({ port, host });
      return (app.server.address() as { port: number }).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const another = wanted === undefined && port < DEFAULT_PORT + 20;
      if (code === 'EADDRINUSE' && another) continue;
      throw new StartError(
        'port',
        {
          zh: `无法监听 ${host}:${port}（${code}）。请用 PORT=… 指定其他端口，或停止占用它的程序。`,
          en: `Can't listen on ${host}:${port} (${code}). Choose another with PORT=…, or stop the program that has it.`,
        },
        error,
      );
    }
  }
}

/** Jobs that a start wakes are through by then. */
const STARTED_MS = 30_000;

function announce(url: string): void {
  process.stdout.write(`\n  鲜客已启动，请在浏览器打开  ·  Xianke is ready, open in a browser:\n\n    ${url}\n\n`);
  // Starting leaves twenty megabytes behind that nobody would collect.
  setTimeout(giveBackMemory, STARTED_MS).unref();
  // start.ts waits for this.
  process.send?.({ ready: url });
}

main().catch(async (error: unknown) => {
  if (error instanceof StartError) process.stderr.write(`\n${error.sentence.zh}\n${error.sentence.en}\n\n`);
  else console.error(error);
  for (const close of closers) await close().catch(() => {});
  process.exit(1);
});
