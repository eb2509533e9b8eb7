import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../../../contract/api.ts';
import type { Filter, Sort } from '../../../../domain/filter/types.ts';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { ApiError, sentence } from '../../../api/errors.ts';
import { useLive } from '../../../api/live.ts';
import { useUndo } from '../../../api/use-undo.tsx';
import { optionLabel } from '../../../fields/format.ts';
import { useFormatEnv } from '../../../fields/sources.ts';
import { useLang } from '../../../i18n/core.ts';
import { useToasts } from '../../../ui/toasts.tsx';
import { type Conflict, EditBook } from '../edit-book.ts';
import { both, same } from '../row-source.ts';
import { useRecordsText } from '../texts.ts';
import { BoardStore, type ColumnKey, keyOf } from './board-store.ts';
import { useBoardText } from './texts.ts';

export interface BoardQuery {
  by: FieldDef;
  sum: string | undefined;
  filter: Filter | undefined;
  search: string | undefined;
  sort: Sort[];
}

/** Cards per column and request. */
const PAGE = 25;

/** Cards, moves and live updates of one board. Moves go through the same book as edits of the table, so conflicts and refusals are the same. */
export function useBoard(object: ObjectDef, wanted: BoardQuery) {
  const t = useBoardText();
  const records = useRecordsText();
  const lang = useLang();
  const toasts = useToasts();
  const undo = useUndo();
  const [, tick] = useState(0);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  const [said, setSaid] = useState('');
  const { by, sum } = wanted;
  const now = useRef({ t, records, toasts, undo });
  now.current = { t, records, toasts, undo };
  const key = JSON.stringify([object.name, by.name, sum, wanted.filter, wanted.search, wanted.sort]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when any part differs
  const store = useMemo(() => {
    const query = {
      object: object.name,
      ...(wanted.filter && { filter: wanted.filter }),
      ...(wanted.search && { search: wanted.search }),
    };
    const groups = async (field: string | undefined) =>
      (await call(api.records.group, { body: { query, field: by.name, limit: 500, ...(field && { sum: field }) } }))
        .groups;
    return new BoardStore(by.name, sum, {
      page: (value, after) =>
        call(api.records.query, {
          body: {
            ...query,
            filter: both(wanted.filter, same(by.name, value)),
            sort: wanted.sort,
            freshness: true,
            page: { limit: PAGE, ...(after !== undefined && { after }) },
          } as never,
        }),
      groups: () =>
        groups(sum).catch((error: unknown) => {
          // Who may not read every amount sees the counts.
          if (sum !== undefined && error instanceof ApiError && error.status === 422) return groups(undefined);
          throw error;
        }),
      onChange: () => tick((n) => n + 1),
      onError: setFailed,
    });
  }, [key]);

  const columns = useMemo(() => columnsOf(by), [by]);
  const load = () => {
    setFailed(null);
    void store.load(columns);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new store is filled once
  useEffect(load, [store]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: one book per board
  const book = useMemo(() => {
    const refresh = async (ids: string[]) => {
      const page = await call(api.records.query, {
        body: {
          object: object.name,
          freshness: true,
          filter: { field: '$id', op: 'in', value: ids },
          page: { limit: 100 },
        },
      });
      for (const row of page.rows) store.replace(row);
      for (const id of ids) if (!page.rows.some((row) => row.id === id)) store.drop(id);
      await store.recount();
    };
    return new EditBook({
      object: object.name,
      write: (changes) => call(api.records.write, { body: { changes, atomic: false } }),
      undo: (changeSet) => call(api.records.undo, { params: { id: changeSet } }),
      resolve: async ({ value }) => ({ ok: true, value }),
      row: (id) => store.row(id),
      replace: (row) => store.replace(row),
      refresh,
      onChange: () => tick((n) => n + 1),
      onConflicts: (found) => setConflicts((old) => [...old, ...found]),
      onFailure: (error) => now.current.toasts.error(sentence(error)),
      onUndone: (what, { skipped }) => {
        const { records: say } = now.current;
        const tail = skipped > 0 ? say('skipped-n', { n: skipped }) : '';
        now.current.toasts.info(say(what === 'undo' ? 'undone-edit' : 'redone-edit') + tail);
      },
      onHeld: (why) => now.current.toasts.info(why.join(' ') || now.current.records('held')),
      sentence,
    });
  }, [store]);

  const nameOf = (value: ColumnKey) => (value === null ? t('no-value') : optionLabel(by, value, lang));
  const move = async (id: string, to: ColumnKey) => {
    const from = store.place(id);
    const title = String(store.row(id)?.values[object.title] ?? '');
    if (from === undefined || from === to) return;
    store.move(id, to);
    setSaid(t('moved', { title, to: nameOf(to) }));
    const before = book.lastChangeSet();
    await book.apply([{ id, field: by.name, value: to, shown: nameOf(to) }]);
    const refused = book.pending(id, by.name);
    if (refused?.state === 'error') {
      toasts.error(refused.message ?? '');
      book.discardRefused();
    }
    store.align(id);
    const changeSet = book.lastChangeSet();
    if (keyOf(store.row(id)?.values[by.name]) !== to || !changeSet || changeSet === before) return;
    toasts.undoable(t('moved', { title, to: nameOf(to) }), () => {
      void now.current.undo(changeSet).then(() => load());
    });
    if (store.takeOutdated()) load();
    else await store.recount().catch(setFailed);
  };

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    if (event.type !== 'missed' && (event.type !== 'changed' || event.object !== object.name)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      await book.idle();
      if (event.type === 'changed' && book.isOwn(event.changeSet)) return;
      load();
    }, 300);
  });

  const env = useFormatEnv(object.fields, store.titles);
  return {
    store,
    columns: columns.filter((one) => !isRetired(by, one) || store.column(one).count > 0),
    env,
    move,
    nameOf,
    conflicts,
    dismissConflicts: () => setConflicts([]),
    insist: (mine: Conflict[]) => void book.insist(mine),
    failed,
    retry: load,
    /** What was just done, for screen readers. */
    said,
  };
}

export type BoardState = ReturnType<typeof useBoard>;

/** Options in their order, and cards without a value, which stand first: nobody has sorted them yet. */
const columnsOf = (by: FieldDef): ColumnKey[] => [null, ...(by.options ?? []).map(({ value }) => value)];

/** Shown only while there are cards in it. */
const isRetired = (by: FieldDef, key: ColumnKey): boolean =>
  key === null || by.options?.find(({ value }) => value === key)?.retired === true;
