import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { build } from '../../scripts/build.mjs';

/** The built product running as a process of its own, as `npm start` runs it. */
export interface Program {
  url: string;
  process: ChildProcess;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the server on a data directory; `port` 0 takes a free one. Builds what is stale first. */
export async function startProgram(dataDir: string, port = 0, env: Record<string, string> = {}): Promise<Program> {
  await build(['server']);
  const child = spawn(process.execPath, ['dist/server/server.js'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [found] = /http:\/\/\S+/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  return {
    url,
    process: child,
    async end(signal) {
      child.kill(signal);
      await once(child, 'close');
    },
  };
}
