import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../harness/context.ts';
import { round } from '../harness/figure.ts';

/** A fresh clone to the first page: clone, npm ci, npm start. Needs the registry, so only when named. */
export async function measureFresh({ add, options, say }: Bench): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = mkdtempSync(join(options.work, 'fresh-'));
  const clone = join(folder, 'xianke');
  const run = (command: string, args: string[], cwd: string) => {
    const began = performance.now();
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
    return (performance.now() - began) / 1000;
  };
  try {
    say('cloning, npm ci, npm start');
    const cloned = run('git', ['clone', '--quiet', root, clone], folder);
    const installed = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], clone);
    const began = performance.now();
    const child = spawn('npm', ['start'], {
      cwd: clone,
      env: { ...process.env, PORT: '0', DATA_DIR: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let said = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (piece: Buffer) => {
        said += piece.toString();
        const [found] = /http:\/\/\S+/.exec(said) ?? [];
        if (found) resolve(found);
      });
      child.once('exit', () => reject(new Error(said)));
    });
    const page = await fetch(url);
    if (!page.ok) throw new Error(`first page: ${page.status}`);
    const started = (performance.now() - began) / 1000;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    add({
      name: 'fresh',
      title: 'fresh clone to the first page',
      value: cloned + installed + started,
      unit: 's',
      bar: { of: 'value', most: 90 },
      note: `clone ${round(cloned)} s, npm ci ${round(installed)} s, npm start ${round(started)} s`,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
