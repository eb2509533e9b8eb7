import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../engine.ts';
import { type MasterKeys, openMasterKeys } from '../../platform/master-keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { FieldInput } from '../../records/catalog/define.ts';
import type { MoveDeps } from '../../records/sealed/move.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';

/** A workspace of the template, with master keys in a directory of its own. */
export interface SealedWorld {
  engine: Engine;
  masters: MasterKeys;
  dataDir: string;
  ctx(more?: Partial<Ctx>): Promise<Ctx>;
  /** Another process on the same database. */
  another(masters?: MasterKeys): Engine;
  addField(object: string, field: Partial<FieldInput> & Pick<FieldInput, 'name' | 'type'>): Promise<void>;
  create(object: string, set: Record<string, unknown>): Promise<string>;
  edit(object: string, id: string, set: Record<string, unknown>, more?: Partial<Ctx>): Promise<string>;
  get(object: string, id: string, on?: Engine): Promise<Row>;
  moving: MoveDeps;
  close(): void;
}

export async function sealedWorld(db: Db): Promise<SealedWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xianke-sealed-'));
  const masters = openMasterKeys({ dataDir });
  const another = (own: MasterKeys = openMasterKeys({ dataDir })) => createEngine(db, undefined, undefined, own);
  const engine = another(masters);
  await createWorkspace(db, { id: 'main', name: '测试', settings: { timeZone: 'Asia/Shanghai' } });
  await installTemplate(engine, 'main');
  await engine.editor.updateField('main', 'contact', 'customer', { required: null });
  const world: SealedWorld = {
    ...{ engine, masters, dataDir, another },
    moving: { ...engine, db, settle: 0 },
    async ctx(more = {}) {
      const access = accessFor('admin', await engine.catalog.get('main'));
      return { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh', ...more };
    },
    async addField(object, field) {
      await engine.editor.createField('main', object, { label: { zh: field.name, en: field.name }, ...field });
    },
    async create(object, set) {
      const { outcomes } = await engine.write.write(await world.ctx(), [{ op: 'create', object, set }]);
      const [made] = outcomes;
      if (made?.status !== 'applied') throw new Error(JSON.stringify(made));
      return made.id;
    },
    async edit(object, id, set, more = {}) {
      const result = await engine.write.write(await world.ctx(more), [{ op: 'update', object, id, set }]);
      const [done] = result.outcomes;
      if (done?.status !== 'applied') throw new Error(JSON.stringify(done));
      return result.changeSet ?? '';
    },
    get: async (object, id, on = engine) => on.read.get(await world.ctx(), object, id),
    close: () => rmSync(dataDir, { recursive: true, force: true }),
  };
  return world;
}
