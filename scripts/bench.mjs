// npm run bench [NAME]: every figure of the README is a file in bench/; without a name, all of them in turn.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../bench', import.meta.url));
const all = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => /\.bench\.(ts|mjs)$/.test(name))
      .sort()
  : [];
const [wanted, ...args] = process.argv.slice(2);
const chosen = all.filter((name) => wanted === undefined || name.startsWith(`${wanted}.`));
if (chosen.length === 0) {
  console.log(`benches: ${all.map((name) => name.split('.')[0]).join(', ') || 'none'}`);
  process.exit(wanted === undefined ? 0 : 2);
}
for (const name of chosen) {
  console.log(`\n── ${name} ──`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${folder}/${name}`, ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
