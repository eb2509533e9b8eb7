import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { masterKeyId, openMasterKeys } from './master-keys.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'xianke-masters-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const dataKey = { key: randomBytes(32), about: 'main a' };

describe('master keys in a file', () => {
  it('are made at first need, for their owner alone, and wrap and unwrap', async () => {
    const masters = openMasterKeys({ dataDir });
    expect(await masters.ids()).toEqual([]);
    const id = await masters.make();
    expect(statSync(join(dataDir, 'master.keys')).mode & 0o777).toBe(0o600);
    const [wrapped = Buffer.alloc(0)] = await masters.wrap(id, [dataKey]);
    expect(wrapped.includes(dataKey.key)).toBe(false);
    expect(await masters.unwrap(id, [{ wrapped, about: dataKey.about }])).toEqual([dataKey.key]);
    await expect(masters.unwrap(id, [{ wrapped, about: 'main b' }])).rejects.toThrow();
  });

  it('are seen by another process that had looked before', async () => {
    const [one, other] = [openMasterKeys({ dataDir }), openMasterKeys({ dataDir })];
    const first = await one.make();
    expect(await other.ids()).toEqual([first]);
    const second = await one.make();
    const [wrapped = Buffer.alloc(0)] = await one.wrap(second, [dataKey]);
    expect(await other.unwrap(second, [{ wrapped, about: dataKey.about }])).toEqual([dataKey.key]);
    expect(await other.ids()).toEqual([second, first]);
  });

  it('are gone when forgotten', async () => {
    const masters = openMasterKeys({ dataDir });
    const [first, second] = [await masters.make(), await masters.make()];
    await masters.forget(first);
    expect(await masters.ids()).toEqual([second]);
    await expect(masters.wrap(first, [dataKey])).rejects.toMatchObject({ code: 'master-key-missing' });
    expect(readFileSync(join(dataDir, 'master.keys'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('are refused when cut short', async () => {
    writeFileSync(join(dataDir, 'master.keys'), randomBytes(31).toString('base64'));
    await expect(openMasterKeys({ dataDir }).ids()).rejects.toMatchObject({ code: 'master-key-malformed' });
  });
});

describe('master keys from outside', () => {
  it('are several, newest first, and none is made or destroyed here', async () => {
    const [one, other] = [randomBytes(32), randomBytes(32)];
    const given = `${one.toString('base64')}, ${other.toString('base64')}`;
    const masters = openMasterKeys({ dataDir, given });
    expect(await masters.ids()).toEqual([masterKeyId(one), masterKeyId(other)]);
    await expect(masters.make()).rejects.toMatchObject({ code: 'master-key-given' });
    await expect(masters.forget(masterKeyId(other))).rejects.toMatchObject({ code: 'master-key-given' });
    const file = join(dataDir, 'secret');
    writeFileSync(file, one.toString('base64'));
    expect(await openMasterKeys({ dataDir, givenFile: file }).ids()).toEqual([masterKeyId(one)]);
  });
});
