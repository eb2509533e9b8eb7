// npm run check: everything that can be said about the code without running it. Prints what failed; exit code 1 if any did.
import { spawnSync } from 'node:child_process';

const steps = [
  ['types', 'node', ['node_modules/@typescript/native/bin/tsc', '--noEmit', '-p', '.']],
  ['lint and format', 'node', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['architecture', 'node', ['node_modules/vitest/vitest.mjs', 'run', 'test/architecture.test.ts', '--reporter=dot']],
  ['dead code', 'node', ['node_modules/knip/bin/knip.js', '--no-progress']],
  // An incomplete registry can leave a lock file that npm ci refuses.
  ['lock file', 'npm', ['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund']],
  ['known weaknesses', 'node', ['scripts/audit.mjs']],
];

const failed = steps.filter(([name, command, args]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
  else for (const note of stdout.match(/^note: .*$/gm) ?? []) console.log(`       ${note}`);
  return status !== 0;
});
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${steps.length} checks failed: ${failed.map(([name]) => name).join(', ')}`);
  process.exit(1);
}
