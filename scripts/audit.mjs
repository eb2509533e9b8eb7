// Asks the registry for known weaknesses of what is installed: part of npm run check. High or critical ones fail. Where there is no network, or a
// registry that doesn't answer such questions, it says so and fails nobody.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/**
 * What `npm audit --json` said, as a verdict.
 * @param {string} output
 * @returns {{ state: 'clean' | 'found' | 'unknown', lines: string[] }}
 */
export function judge(output) {
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    report = {};
  }
  const counts = report?.metadata?.vulnerabilities;
  if (!counts || typeof report.vulnerabilities !== 'object') {
    const why = report?.error?.summary || report?.error?.code || report?.message || 'no answer';
    return { state: 'unknown', lines: [`note: not checked, the registry does not answer npm audit (${why})`] };
  }
  const bad = Object.values(report.vulnerabilities).filter(
    ({ severity }) => severity === 'high' || severity === 'critical',
  );
  const lines = bad.map(({ name, severity, range, via }) => {
    const [advisory] = via.filter((one) => typeof one === 'object');
    return `${severity}: ${name} ${range} ${advisory ? `${advisory.title} ${advisory.url}` : `through ${via.join(', ')}`}`;
  });
  if (bad.length > 0) return { state: 'found', lines };
  const lower = (counts.low ?? 0) + (counts.moderate ?? 0);
  return { state: 'clean', lines: lower > 0 ? [`note: ${lower} of lower severity; see npm audit`] : [] };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=20000'], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 ** 2,
  });
  const { state, lines } = judge(stdout ?? '');
  for (const line of lines) console.log(line);
  process.exitCode = state === 'found' ? 1 : 0;
}
