import { describe, expect, it } from 'vitest';
import type { Row } from './block-store.ts';
import { type CellEdit, type Change, type Conflict, EditBook, type Outcome } from './edit-book.ts';

const row = (id: string, version: number, values: Row['values']): Row => ({
  id,
  version,
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  values,
});

const edit = (id: string, field: string, value: unknown): CellEdit => ({ id, field, value, shown: String(value) });

/** A tiny write door: versions, conflicts per field, refusal of 'bad'. */
function world() {
  const stored = new Map<string, Row>([
    ['a', row('a', 1, { name: '华信', phone: '1' })],
    ['b', row('b', 1, { name: '中科', phone: '2' })],
  ]);
  const seen = new Map(stored);
  const touched = new Map<string, number>();
  const sent: Change[][] = [];
  const conflicts: Conflict[] = [];
  const failures: unknown[] = [];
  let sets = 0;
  let down = false;
  const answer = (change: Change): Outcome => {
    const id = change.id ?? '';
    const now = stored.get(id) ?? row(id, 0, {});
    const entries = Object.entries(change.set ?? {}) as [string, string][];
    if (entries.some(([, value]) => value === 'bad'))
      return {
        status: 'rejected',
        object: 'customer',
        id,
        issues: [{ code: 'x', field: entries[0]?.[0] ?? '', message: '不对' }],
      };
    const clash = entries.filter(([field]) => (touched.get(`${id}/${field}`) ?? 0) > (change.version ?? 0));
    if (clash.length > 0)
      return {
        status: 'conflict',
        object: 'customer',
        id,
        conflicts: clash.map(([field, yours]) => ({
          field,
          yours,
          theirs: now.values[field] ?? null,
          by: '李四',
          at: '',
        })),
      };
    const next = row(id, now.version + 1, { ...now.values, ...Object.fromEntries(entries) });
    stored.set(id, next);
    for (const [field] of entries) touched.set(`${id}/${field}`, next.version);
    return { status: 'applied', object: 'customer', id, version: next.version, values: Object.fromEntries(entries) };
  };
  const book = new EditBook({
    object: 'customer',
    write: async (changes) => {
      if (down) throw new Error('down');
      sent.push(changes);
      await Promise.resolve();
      return { changeSet: `cs${sets++}`, outcomes: changes.map(answer) };
    },
    undo: async (id) => ({ changeSet: `undo-${id}`, undone: 1, skippedCount: 0 }),
    resolve: async (one) => ({ ok: true, value: one.value }),
    row: (id) => seen.get(id),
    replace: (next) => void seen.set(next.id, next),
    refresh: async (ids) => {
      for (const id of ids) {
        const now = stored.get(id);
        if (now) seen.set(id, now);
      }
    },
    onChange: () => {},
    onConflicts: (found) => void conflicts.push(...found),
    onFailure: (error) => void failures.push(error),
    onUndone: () => {},
    onHeld: () => {},
    sentence: () => '连不上',
  });
  const other = (id: string, field: string, value: string) => {
    const now = stored.get(id) ?? row(id, 0, {});
    stored.set(id, row(id, now.version + 1, { ...now.values, [field]: value }));
    touched.set(`${id}/${field}`, now.version + 1);
  };
  return { book, sent, seen, stored, conflicts, failures, other, breakDown: () => (down = true) };
}

describe('optimistic edits', () => {
  it('show at once and become the stored value', async () => {
    const { book, seen } = world();
    const done = book.apply([edit('a', 'phone', '9')]);
    expect(book.pending('a', 'phone')).toMatchObject({ state: 'saving', shown: '9' });
    await done;
    expect(book.pending('a', 'phone')).toBeUndefined();
    expect(seen.get('a')).toMatchObject({ version: 2, values: { phone: '9' } });
  });

  it('of one hand never conflict with each other', async () => {
    const { book, conflicts, stored } = world();
    void book.apply([edit('a', 'phone', '7')]);
    void book.apply([edit('a', 'phone', '8')]);
    await book.apply([edit('a', 'phone', '9')]);
    expect(conflicts).toEqual([]);
    expect(stored.get('a')?.values.phone).toBe('9');
  });

  it('stay visible with the sentence when refused, and the rest is written', async () => {
    const { book, seen } = world();
    await book.apply([edit('a', 'phone', 'bad'), edit('b', 'phone', '5')]);
    expect(book.pending('a', 'phone')).toMatchObject({ state: 'error', message: '不对', shown: 'bad' });
    expect(seen.get('a')?.values.phone).toBe('1');
    expect(seen.get('b')?.values.phone).toBe('5');
    book.discardRefused();
    expect(book.pending('a', 'phone')).toBeUndefined();
  });

  it('ask when another changed the same field, and do not when it was another field', async () => {
    const { book, other, conflicts, stored, seen } = world();
    other('a', 'phone', '6');
    await book.apply([edit('a', 'name', '华信科技')]);
    expect(conflicts).toEqual([]);
    other('b', 'phone', '66');
    await book.apply([edit('b', 'phone', '5')]);
    expect(conflicts).toMatchObject([{ id: 'b', field: 'phone', yours: '5', theirs: '66', by: '李四' }]);
    expect(stored.get('b')?.values.phone).toBe('66');
    // Insisting sends it again with the version that was shown in the question.
    await book.insist(conflicts);
    expect(stored.get('b')?.values.phone).toBe('5');
    expect(seen.get('b')?.values.phone).toBe('5');
  });

  it('ask although a refresh brought the other value while the author was typing', async () => {
    const { book, other, seen, stored, conflicts } = world();
    other('a', 'phone', '6');
    const now = stored.get('a');
    if (now) seen.set('a', now);
    await book.apply([{ ...edit('a', 'phone', '9'), version: 1 }]);
    expect(conflicts).toMatchObject([{ field: 'phone', theirs: '6', yours: '9' }]);
    expect(stored.get('a')?.values.phone).toBe('6');
  });

  it('do not ask about one’s own change made since editing began', async () => {
    const { book, conflicts, stored } = world();
    await book.apply([{ ...edit('a', 'phone', '7'), version: 1 }]);
    await book.apply([{ ...edit('a', 'phone', '8'), version: 1 }]);
    expect(conflicts).toEqual([]);
    expect(stored.get('a')?.values.phone).toBe('8');
  });

  it('keep what was typed when the server is away', async () => {
    const { book, breakDown, failures } = world();
    breakDown();
    await book.apply([edit('a', 'phone', '9')]);
    expect(book.pending('a', 'phone')).toMatchObject({ state: 'error', message: '连不上', shown: '9' });
    expect(failures).toHaveLength(1);
  });

  it('knows its own change sets and undoes step by step', async () => {
    const { book } = world();
    await book.apply([edit('a', 'phone', '9')]);
    expect(book.isOwn('cs0')).toBe(true);
    await book.undo();
    expect(book.isOwn('undo-cs0')).toBe(true);
    expect(book.canUndo).toBe(false);
    await book.redo();
    expect(book.canUndo).toBe(true);
  });
});
