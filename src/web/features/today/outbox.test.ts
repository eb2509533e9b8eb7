import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, nextToSend, type OutboxAction, type OutboxEntry, outbox, restore, waitFor } from './outbox.ts';

const entry = (key: string, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  key,
  account: 'a',
  kind: 'write',
  body: {},
  item: 'customer/1',
  cells: [],
  label: key,
  at: 0,
  notBefore: 0,
  tries: 0,
  state: 'waiting',
  ...more,
});

describe('outbox', () => {
  it('sends in order, one at a time', () => {
    let entries = [entry('1'), entry('2')];
    expect(nextToSend(entries, 10)?.key).toBe('1');
    entries = outbox(entries, { type: 'sending', key: '1' });
    expect(nextToSend(entries, 10)).toBeNull();
    entries = outbox(entries, { type: 'sent', key: '1' });
    expect(nextToSend(entries, 10)?.key).toBe('2');
  });
  it('waits until an entry can no longer be taken back', () => {
    const entries = [entry('1', { notBefore: 6000 })];
    expect(nextToSend(entries, 5999)).toBeNull();
    expect(waitFor(entries, 1000)).toBe(5000);
    expect(nextToSend(entries, 6000)?.key).toBe('1');
  });
  it('keeps what was refused, with the reason, and goes on with the rest', () => {
    const entries = outbox([entry('1'), entry('2')], { type: 'refused', key: '1', message: 'no' });
    expect(entries[0]).toMatchObject({ state: 'refused', message: 'no' });
    expect(nextToSend(entries, 0)?.key).toBe('2');
  });
  it('never loses an entry that was neither sent nor dropped, whatever happens', () => {
    const key = fc.constantFrom('1', '2', '3');
    const action: fc.Arbitrary<OutboxAction> = fc.oneof(
      key.map((k): OutboxAction => ({ type: 'add', entry: entry(k) })),
      key.map((k): OutboxAction => ({ type: 'sending', key: k })),
      key.map((k): OutboxAction => ({ type: 'later', key: k, notBefore: 5 })),
      key.map((k): OutboxAction => ({ type: 'refused', key: k, message: '' })),
    );
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const added = [...new Set(actions.flatMap((one) => (one.type === 'add' ? [one.entry.key] : [])))];
        const end = actions.reduce(outbox, []);
        expect(end.map((one) => one.key)).toEqual(added);
      }),
    );
  });
});

describe('restore', () => {
  it('sends again what was under way, and only for its own account', () => {
    const text = JSON.stringify([entry('1', { state: 'sending' }), entry('2', { account: 'b' })]);
    expect(restore(text, 'a').map((one) => [one.key, one.state])).toEqual([['1', 'waiting']]);
  });
  it.each([null, '', 'nonsense', '{}', '[1]', '[{"key":1}]'])('takes damaged storage %j as empty', (text) => {
    expect(restore(text, 'a')).toEqual([]);
  });
});

describe('backoff', () => {
  it('doubles up to half a minute', () => {
    expect([1, 2, 3, 10].map(backoff)).toEqual([1000, 2000, 4000, 30_000]);
  });
});
