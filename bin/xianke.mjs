#!/usr/bin/env node
// The command line. Commands are in src/cli, one file each; what is stale is built first.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isStale } from '../scripts/build.mjs';

if (process.argv[2] === 'start') {
  await import('../scripts/start.mjs');
} else {
  if (isStale('server')) {
    const script = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url));
    execFileSync(process.execPath, [script, 'server'], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const { runCommand } = await import(new URL('../dist/server/cli.js', import.meta.url).href);
  process.exitCode = await runCommand(process.argv.slice(2));
}
