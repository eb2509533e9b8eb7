import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { isGenuine, readRowKey, writeRowKey } from './row-key.ts';

it('brings record and version back, and shows when either was changed', () => {
  const [sheet, record, secret] = [uuidv7(), uuidv7(), randomBytes(32)];
  for (const version of [1, 35, 36, 1_000_000]) {
    const text = writeRowKey(sheet, secret, record, version);
    const key = readRowKey(text);
    expect(key).toMatchObject({ sheet, record, version });
    if (!key) continue;
    expect(isGenuine(key, secret)).toBe(true);
    expect(isGenuine(key, randomBytes(32))).toBe(false);
    expect(isGenuine({ ...key, version: version + 1 }, secret)).toBe(false);
    expect(isGenuine({ ...key, record: uuidv7() }, secret)).toBe(false);
  }
  for (const text of ['', 'XK1', 'XK1.a.b.1.c', '13800138000', `${writeRowKey(sheet, secret, record, 1)}x`])
    expect(readRowKey(text)).toBeNull();
});
