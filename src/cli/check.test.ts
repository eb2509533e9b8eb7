import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'xianke-check-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = promisify(execFile);

async function check(
  name: string,
  content: string,
  ...more: string[]
): Promise<{ code: number; last: Record<string, unknown> }> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const script = fileURLToPath(new URL('./check.ts', import.meta.url));
  const result = await run(process.execPath, ['--import', 'tsx', script, path, ...more], {
    env: { ...process.env, IMPORT_TMP: folder },
  }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );
  return {
    code: result.code,
    last: JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>,
  };
}

describe('xianke check', () => {
  it('exit 0, the counts, and a table with what was read', async () => {
    const { code, last } = await check('客户.csv', '标题\n姓名;手机;手机\n张三;013800138000;"a,""b"\n合计;2;\n');
    expect(code).toBe(0);
    expect(last).toMatchObject({ rows: 1, rejected: 0, delimiter: ';', headerRow: 2 });
    expect(readFileSync(String(last.table), 'utf8')).toBe('姓名,手机,手机\r\n张三,013800138000,"a,""b"\r\n');
    const codes = (last.warnings as { code: string }[]).map((warning) => warning.code);
    expect(codes).toEqual(expect.arrayContaining(['totals-skipped', 'header-duplicate', 'rows-above-header']));
  });

  it('exit 1, a code and a sentence', async () => {
    const { code, last } = await check('空.csv', '');
    expect(code).toBe(1);
    expect(last.error).toBe('file-empty');
    expect(String(last.message)).toMatch(/文件是空的.*empty/);
  });

  it('options reach the reader', async () => {
    const { last } = await check('b.csv', '"张三;138\n李四;139\n', '--no-quotes', '--header', '0', '--delimiter', ';');
    expect(last).toMatchObject({ rows: 2, headerRow: 0 });
    expect(readFileSync(String(last.table), 'utf8')).toBe('col_0,col_1\r\n"""张三",138\r\n李四,139\r\n');
  });
});
