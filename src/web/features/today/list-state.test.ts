import { describe, expect, it } from 'vitest';
import {
  beginsRecord,
  doneCount,
  fitInto,
  inView,
  minutesLeft,
  moveCursor,
  noProgress,
  type Progress,
  progress,
  shownItems,
  type TodayItem,
} from './list-state.ts';
import type { OutboxEntry } from './outbox.ts';

const item = (id: string, fields: string[]): TodayItem => ({
  object: 'customer',
  id,
  title: id,
  minutes: 4,
  value: 1,
  reasons: [],
  cells: fields.map((field) => ({
    object: 'customer',
    id,
    title: id,
    version: 1,
    field,
    label: { zh: field, en: field },
    value: 'x',
    text: 'x',
    reason: '',
    freshness: {
      confidence: 0.5,
      state: 'stale',
      verifiedAt: null,
      changedAt: null,
      method: null,
      by: null,
      dueAt: null,
    },
  })),
});

const refused = (cells: string[], key: string): OutboxEntry => ({
  key: 'k',
  account: 'a',
  kind: 'write',
  body: null,
  item: key,
  cells,
  label: '',
  at: 0,
  notBefore: 0,
  tries: 1,
  state: 'refused',
  message: '已被他人修改',
});

const items = [item('1', ['phone', 'email']), item('2', ['phone'])];
const mark = (state: Progress, ...cells: string[]): Progress => progress(state, { type: 'mark', cells, mark: 'right' });

describe("today's list", () => {
  it('counts down: an item leaves when its last cell is done', () => {
    const half = mark(noProgress, 'customer/1/phone');
    expect(shownItems(items, half, []).map((one) => [one.key, one.open])).toEqual([
      ['customer/1', 1],
      ['customer/2', 1],
    ]);
    const whole = mark(half, 'customer/1/email');
    expect(shownItems(items, whole, []).map((one) => one.key)).toEqual(['customer/2']);
    expect(doneCount({ ...whole, items, doneBefore: 2 }, 2)).toBe(3);
    expect(minutesLeft(shownItems(items, half, []))).toBe(6);
    expect([1, 2, 5, 6].map((minutes) => fitInto(shownItems(items, half, []), minutes))).toEqual([1, 1, 1, 2]);
  });
  it('takes a snoozed item off and brings it back on undo; it is not counted as done', () => {
    const off = progress(noProgress, { type: 'gone', item: 'customer/1', how: 'snoozed' });
    expect(shownItems(items, off, []).map((one) => one.key)).toEqual(['customer/2']);
    expect(doneCount({ ...off, items }, 0)).toBe(0);
    expect(shownItems(items, progress(off, { type: 'back', item: 'customer/1' }), [])).toHaveLength(2);
  });
  it('shows refused work again with the reason', () => {
    const state = mark(noProgress, 'customer/2/phone');
    const shown = shownItems(items, state, [refused(['customer/2/phone'], 'customer/2')]);
    expect(shown[1]?.cells[0]).toMatchObject({ mark: null, refused: '已被他人修改' });
  });
  it('does not jump when a fresh list comes: places stay, what was begun stays, new ones come last', () => {
    let state = progress(noProgress, { type: 'fetched', items, done: 3, day: 'Mon' });
    state = mark(state, 'customer/1/phone');
    const fresh = [item('3', ['phone']), item('2', ['fax', 'phone']), item('1', ['email'])];
    state = progress(state, { type: 'fetched', items: fresh, done: 4, day: 'Mon' });
    expect(state.items.map((one) => [one.id, one.cells.map((cell) => cell.field)])).toEqual([
      ['1', ['phone', 'email']],
      ['2', ['phone', 'fax']],
      ['3', ['phone']],
    ]);
    expect(doneCount(state, 4)).toBe(4);
    state = progress(state, { type: 'fetched', items: [], done: 4, day: 'Mon' });
    expect(state.items.map((one) => one.id)).toEqual(['1']);
  });
  it('begins anew the next day', () => {
    const monday = mark(progress(noProgress, { type: 'fetched', items, done: 3, day: 'Mon' }), 'customer/1/phone');
    const tuesday = progress(monday, { type: 'fetched', items, done: 0, day: 'Tue' });
    expect(tuesday).toMatchObject({ marks: {}, doneBefore: 0 });
  });
});

describe('inView', () => {
  const many = [item('1', ['a', 'b', 'c', 'd', 'e', 'f', 'g']), item('2', ['a']), item('3', ['a'])];
  it('draws the first customers and their first values until asked for all', () => {
    const shown = shownItems(many, mark(noProgress, 'customer/1/a'), []);
    const drawn = inView(shown, 2, new Set());
    expect(drawn.map((one) => [one.key, one.cells.length, one.more])).toEqual([
      ['customer/1', 6, 1],
      ['customer/2', 1, 0],
    ]);
    expect(inView(shown, 2, new Set(['customer/1']))[0]).toMatchObject({ more: 0 });
  });
  it('keeps the fields of one person together', () => {
    const base = item('1', ['name']);
    const person = (id: string, field: string) => ({ ...item(id, [field]).cells[0], object: 'contact' }) as never;
    const mixed = { ...base, cells: [person('a', 'name'), person('b', 'name'), person('a', 'mobile'), ...base.cells] };
    const [drawn] = inView(shownItems([mixed], noProgress, []), 1, new Set());
    expect(drawn?.cells.map((one) => one.key)).toEqual([
      'contact/a/name',
      'contact/a/mobile',
      'contact/b/name',
      'customer/1/name',
    ]);
    expect(drawn?.cells.map((_, index) => beginsRecord(drawn.cells, index))).toEqual([true, false, true, true]);
  });
});

describe('moveCursor', () => {
  const shown = shownItems(items, mark(noProgress, 'customer/1/email'), []);
  it('goes over open cells only and stays at the ends', () => {
    expect(moveCursor(shown, null, 1)).toBe('customer/1/phone');
    expect(moveCursor(shown, 'customer/1/phone', 1)).toBe('customer/2/phone');
    expect(moveCursor(shown, 'customer/2/phone', 1)).toBe('customer/2/phone');
    expect(moveCursor(shown, null, -1)).toBe('customer/2/phone');
    expect(moveCursor([], null, 1)).toBeNull();
  });
});
