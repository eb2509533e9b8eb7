// npm run bench -- [options]: every figure of the README (bench/bench.ts). npm run bench -- matching: the bench of one part.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [first = '', ...rest] = process.argv.slice(2);
const part = /^[a-z]+$/.test(first) ? fileURLToPath(new URL(`../bench/${first}.ts`, import.meta.url)) : undefined;
if (part !== undefined && !existsSync(part)) {
  console.error(`bench/${first}.ts? npm run bench -- --help`);
  process.exit(2);
}
const script = part ?? fileURLToPath(new URL('../bench/bench.ts', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', script, ...(part === undefined ? process.argv.slice(2) : rest)],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
