import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { testServer } from '../../../../test/support/server.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openKeys } from '../../platform/keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { openSigner } from '../../platform/signing.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { auditRoutes } from './audit-routes.ts';
import { logState } from './read-log.ts';
import { sealAll } from './seal.ts';
import { watchCalls } from './watch-calls.ts';
import { openWitness } from './witness.ts';

/** The CRM template with its audit log, and the log's routes. */
export async function testAudit() {
  const directory = mkdtempSync(join(tmpdir(), 'xianke-audit-'));
  const signer = openSigner(openKeys(directory), 'audit log');
  const witness = openWitness(directory);
  const found: { db?: Db; engine?: Engine } = {};
  const server = await testServer(async (app, on) => {
    const own = createEngine(on);
    Object.assign(found, { db: on, engine: own });
    await createWorkspace(on, { id: 'main', name: '测试', settings: {} });
    await installTemplate(own, 'main');
    watchCalls(app, { audit: own.audit, workspace: 'main', workspaces: async () => ['main'], now: () => new Date() });
    auditRoutes(app, {
      ...{ db: on, signer, witness, now: () => new Date() },
      names: own.names,
      ctxOf: async ({ caller, lang }) => ({ ...(await ctxFor(own, caller.actor)), lang }),
    });
  });
  const { db, engine } = found;
  if (!db || !engine) throw new Error('no server');
  const deps = { db, signer, witness, now: () => new Date() };
  return {
    ...{ server, db, engine, signer, deps },
    ctx: (actor: string) => ctxFor(engine, actor),

    /** Seals until everything is: other test files' transactions hold the horizon back for moments. Returns the size of the log. */
    async sealed(): Promise<number> {
      for (;;) {
        await sealAll(deps, 'main');
        const [row] = await db.query<{ waits: boolean }>(sql`select exists (select from w_main.audit_pending)
          or exists (select from w_main.change_set c, w_main.audit_log l where (c.txid, c.id) > (l.txid, l.id)) as waits`);
        if (!row?.waits) return (await logState(db, 'main')).size;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

const ctxFor = async (engine: Engine, actor: string): Promise<Ctx> => ({
  workspace: 'main',
  actor,
  source: 'page',
  access: accessFor('admin', await engine.catalog.get('main')),
  at: new Date(),
  lang: 'zh',
});
