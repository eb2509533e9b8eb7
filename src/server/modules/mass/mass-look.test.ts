import { beforeAll, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { beginRun } from './advance-run.ts';
import { massLookJob } from './mass-jobs.ts';
import { newRun, readRun } from './run-store.ts';
import { type MassWorld, massWorld } from './testing.ts';

let world: MassWorld;
const target = { object: 'customer' };
const advanced: string[] = [];

beforeAll(async () => {
  world = await massWorld(await testDb());
  await world.create('customer', { name: '甲', level: 'a' });
  await world.create('customer', { name: '乙', level: 'a' });
});

const look = async (run: string) => {
  advanced.length = 0;
  const job = massLookJob({ ...world.deps, advance: async (_workspace, id) => void advanced.push(id) });
  const signal = new AbortController().signal;
  await job.handler({ id: '', payload: { workspace: 'main', run }, attempt: 0, signal, progress: async () => {} });
  return readRun(world.db, 'main', run);
};

it('a look is answered without the job thread, which may be starting, or far behind', async () => {
  const action = { kind: 'set' as const, field: 'level', value: 'b' };
  const id = await newRun(world.db, await world.ctx(), { action, target, starts: false });
  expect(await look(id)).toMatchObject({ state: 'ready', preview: { change: 2 } });
  expect(advanced).toEqual([]);
  await beginRun(world.deps, 'main', id);
  expect((await look(id)).state).toBe('running');
  expect(advanced).toEqual([id]);
});

it('what has to be read record by record is left to the job thread', async () => {
  const action = { kind: 'replace' as const, field: 'name', find: '甲', with: '丙' };
  const id = await newRun(world.db, await world.ctx(), { action, target, starts: false });
  expect((await look(id)).state).toBe('looking');
  expect(advanced).toEqual([id]);
});
