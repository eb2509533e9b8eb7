import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse as Reply } from 'fastify';
import type { Logger } from 'pino';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { afterAll } from 'vitest';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../src/domain/schema/types.ts';
import { compose } from '../../src/server/app.ts';
import { accessFor } from '../../src/server/modules/access/index.ts';
import { createApiKey } from '../../src/server/modules/identity/index.ts';
import { makeWorkspace } from '../../src/server/modules/setup/index.ts';
import { createWorkspace, installTemplate } from '../../src/server/modules/workspace/index.ts';
import { readConfig } from '../../src/server/platform/config.ts';
import { silentLog } from '../../src/server/platform/log.ts';
import { createPool } from '../../src/server/platform/postgres/connect.ts';
import { createDb } from '../../src/server/platform/postgres/db.ts';
import { testDatabase } from './database.ts';
import { knowObjects } from './oracle.ts';

/** The whole product with people of every role, and records of theirs, of colleagues and of strangers. */

export interface PresetObject {
  rows: { rule: string }[];
  actions: string[];
  fields: Record<string, string>;
}
export interface Preset {
  id: string;
  admin?: boolean;
  acts: string[];
  objects: Record<string, PresetObject>;
}
const file = join(import.meta.dirname, '..', '..', 'templates', 'roles.json');
export const PRESETS = JSON.parse(readFileSync(file, 'utf8')) as Preset[];

export interface Person {
  name: string;
  id: string;
  roles: Preset[];
  call(request: InjectOptions): Promise<Reply>;
}

/** Whose a record is, seen from the person it was made for. `kin`: a stranger's, of a customer of his own. */
export type Kind = 'own' | 'kin' | 'mate' | 'other' | 'shared';
export interface Made {
  id: string;
  object: ObjectDef;
  kind: Kind;
  /** Kind of the customer it belongs to. */
  of: Kind | null;
  /** As stored. */
  values: Record<string, FieldValue>;
}

export type Site = Awaited<ReturnType<typeof openProduct>>;

export async function openProduct({ log = silentLog, publicUrl }: { log?: Logger; publicUrl?: string } = {}) {
  const { db, config } = await testDatabase({ poolSize: 12 });
  const directory = mkdtempSync(join(tmpdir(), 'xianke-matrix-'));
  const background = createPool(config, { log: silentLog, poolSize: 4 });
  const settings = { ...readConfig({ DATA_DIR: directory, RUN_JOBS: 'false', PUBLIC_URL: publicUrl }), rateLimit: 0 };
  const connection = { db, replica: db, background: createDb(background), config, close: async () => undefined };
  await createWorkspace(db, { id: 'main', name: 'Test', settings: { timeZone: 'Asia/Shanghai' } });
  const product = await compose(settings, connection, log);
  await makeWorkspace(product.engine, 'Test', 'zh');
  afterAll(async () => {
    await product.close();
    await background.end();
    rmSync(directory, { recursive: true, force: true });
  });
  const { app, engine } = product;
  const catalog: Catalog = await engine.catalog.get('main');
  knowObjects(catalog.objects);
  let serial = 0;

  async function person(name: string, roles: string[]): Promise<Person> {
    const role = roles.includes('admin') ? 'admin' : 'member';
    const [account] = await db.query<{ id: string }>(sql`
      insert into auth."user" (name, email, "emailVerified", role, disabled)
      values (${name}, ${`p${++serial}@example.com`}, false, ${role}, false) returning id`);
    const id = account?.id ?? '';
    const { key } = await createApiKey(db, id, 'test');
    const call = (request: InjectOptions): Promise<Reply> =>
      app.inject({ ...request, headers: { authorization: `Bearer ${key}`, ...request.headers } });
    return { name, id, roles: PRESETS.filter((preset) => roles.includes(preset.id)), call };
  }

  async function make(
    object: ObjectDef,
    kind: Kind,
    of: Made | null,
    owner: string,
    workspace = 'main',
  ): Promise<Made> {
    const id = uuidv7();
    const set: Record<string, unknown> = {};
    for (const field of object.fields) {
      const value =
        field.name === object.owner ? owner : field.name === object.parent ? of?.id : canary(field, ++serial);
      if (value !== undefined && !field.readonly) set[field.name] = value;
    }
    const access = accessFor('admin', await engine.catalog.get(workspace));
    const ctx = { workspace, actor: 'system', source: 'system' as const, access, at: new Date(), lang: 'zh' as const };
    const { outcomes } = await engine.write.write(ctx, [{ op: 'create', object: object.name, id, set }]);
    const [outcome] = outcomes;
    if (outcome?.status !== 'applied') throw new Error(`${object.name}: ${JSON.stringify(outcome)}`);
    const row = await engine.read.get(ctx, object.name, id);
    return { id, object, kind, of: of?.kind ?? null, values: row.values };
  }

  async function otherWorkspace(owner: string): Promise<Made> {
    await createWorkspace(db, { id: 'other', name: 'Other', settings: {} });
    await installTemplate(engine, 'other');
    const object = (await engine.catalog.get('other')).objects.find(({ name }) => name === 'customer');
    if (!object) throw new Error('no customer');
    await engine.plans.ready('other');
    return make(object, 'other', null, owner, 'other');
  }

  return { app, db, engine, catalog, person, make, otherWorkspace };
}

/** A value that occurs nowhere else, where the type allows one. */
function canary(field: FieldDef, n: number): unknown {
  const digits = String(10_000_000 + n * 7_919).slice(-8);
  switch (field.type) {
    case 'text':
    case 'longtext':
      return field.name === 'wechat' ? `wx_${digits}` : `暗语${digits}文`;
    case 'phone':
      return `138${digits}`;
    case 'email':
      return `c${digits}@canary-example.com`;
    case 'money':
      return `${digits}.25`;
    case 'number':
    case 'percent':
      return n % 90;
    case 'date':
      return `20${10 + (n % 15)}-0${1 + (n % 9)}-1${n % 9}`;
    case 'datetime':
      return new Date(Date.UTC(2020, n % 12, 1 + (n % 27))).toISOString();
    case 'url':
      return `https://s${digits}.example.com`;
    case 'select':
      return field.options?.[n % field.options.length]?.value;
    case 'boolean':
      return n % 2 === 0;
    default:
      return undefined;
  }
}

/** Of a type whose canary occurs nowhere else. */
export const isUnique = (field: FieldDef): boolean =>
  !field.rollup && ['text', 'longtext', 'phone', 'email', 'money', 'url'].includes(field.type);
