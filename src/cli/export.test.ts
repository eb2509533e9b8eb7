import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, expect, it, vi } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { createEngine } from '../server/engine.ts';
import { accessFor } from '../server/modules/access/index.ts';
import { createMarks } from '../server/modules/exports/index.ts';
import { createWorkspace, installTemplate } from '../server/modules/workspace/index.ts';
import { openKeys } from '../server/platform/keys.ts';
import { runExport } from './write-commands.ts';

const directory = mkdtempSync(join(tmpdir(), 'xianke-cli-export-'));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

it('marks what an operator exports, lists it and says so', async () => {
  const { db, url } = await testDatabase();
  const engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const access = accessFor('admin', await engine.catalog.get('main'));
  const ctx = { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh' } as const;
  const set = { name: '杭州青禾科技有限公司', remark: '请周三下午来电' };
  await engine.write.write(ctx, [{ op: 'create', object: 'customer', set }]);
  vi.stubEnv('DATABASE_URL', url);
  vi.stubEnv('DATA_DIR', directory);
  vi.stubEnv('XIANKE_LANG', 'zh');
  const said: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const file = join(directory, 'customers.csv');
  try {
    expect(await runExport('customer', file, {})).toBe(0);
  } finally {
    write.mockRestore();
  }
  expect(said.join('')).toContain('操作员导出');
  const [noted] = await db.query<{ serial: number; actor: string; source: string; state: string; rows: number }>(
    sql`select serial, actor, source, state, rows from w_main.export_file`,
  );
  expect(noted).toMatchObject({ actor: 'cli', source: 'cli', state: 'done', rows: 1 });
  const marks = createMarks(openKeys(directory).derive('export marks'));
  expect([...marks.in(readFileSync(file, 'utf8')).keys()]).toEqual([noted?.serial]);
  const [logged] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from w_main.audit_pending where kind = 'export' and actor = 'cli'`,
  );
  expect(logged?.n).toBeGreaterThan(0);
});
