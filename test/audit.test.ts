import { describe, expect, it } from 'vitest';
import { judge } from '../scripts/audit.mjs';

const report = (vulnerabilities: object, counts: Record<string, number>) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: counts } });
const weak = (severity: string) => ({
  xlsx: {
    name: 'xlsx',
    severity,
    range: '<0.20.2',
    via: [{ title: 'Prototype pollution', url: 'https://github.com/advisories/GHSA-4r6h-8v6p-xvw6', severity }],
  },
});

describe('the dependency audit', () => {
  it.each(['high', 'critical'])('fails on a finding of %s severity, with the advisory', (severity) => {
    const { state, lines } = judge(report(weak(severity), { [severity]: 1 }));
    expect([state, lines[0]]).toEqual(['found', expect.stringContaining('GHSA-4r6h-8v6p-xvw6')]);
  });

  it('counts lower ones and fails nobody', () => {
    expect(judge(report(weak('moderate'), { moderate: 1 }))).toMatchObject({
      state: 'clean',
      lines: [expect.stringContaining('1 of lower')],
    });
    expect(judge(report({}, {}))).toEqual({ state: 'clean', lines: [] });
  });

  it.each([
    '',
    'npm ERR!',
    'null',
    '{"error":{"code":"ENOAUDIT","summary":"405 Method Not Allowed"}}',
    '{"message":"request failed"}',
  ])('says that it could not ask: %j', (output) => {
    const { state, lines } = judge(output);
    expect([state, lines[0]]).toEqual(['unknown', expect.stringMatching(/^note: not checked/)]);
  });
});
