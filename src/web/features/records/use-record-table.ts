import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Filter, Sort } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLive } from '../../api/live.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import type { Query } from './block-store.ts';
import { type Conflict, EditBook } from './edit-book.ts';
import { resolveReference } from './resolve-reference.ts';
import { RowSource } from './row-source.ts';
import { RecordModel } from './sheet-model.ts';
import { useRecordsText } from './texts.ts';

export interface TableQuery {
  filter?: Filter | undefined;
  search?: string | undefined;
  sort: Sort[];
  groupBy?: string | undefined;
  /** Fields that are shown. */
  fields: string[];
}

export interface RecordTableState {
  model: RecordModel;
  book: EditBook;
  query: Query;
  conflicts: Conflict[];
  dismissConflicts(): void;
  total: { value: number; exact: boolean } | null;
  failed: unknown;
  retry(): void;
}

/**
 * Rows, edits and live updates of one table. A new query makes new rows; edits and their undo stack outlive it. Another's change refreshes what is
 * in view without moving the reader; one's own is shown already.
 */
export function useRecordTable(object: ObjectDef, wanted: TableQuery): RecordTableState {
  const t = useRecordsText();
  const label = useLabel();
  const toasts = useToasts();
  const accounts = useAccounts();
  const catalog = useCatalog();
  const [, tick] = useState(0);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const [failed, setFailed] = useState<unknown>(null);

  const queryKey = JSON.stringify([object.name, wanted.filter, wanted.search, wanted.sort, [...wanted.fields].sort()]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when any part differs
  const query = useMemo(
    (): Query => ({
      object: object.name,
      fields: [...new Set([object.title, ...wanted.fields])],
      freshness: true,
      sort: wanted.sort,
      ...(wanted.filter && { filter: wanted.filter }),
      ...(wanted.search && { search: wanted.search }),
    }),
    [queryKey],
  );

  // What the long-lived parts call is whatever is current when they call it.
  const now = useRef({ t, label, toasts, accounts, catalog, env: undefined as unknown });
  const parts = useRef<{ source: RowSource | null; model: RecordModel | null }>({ source: null, model: null });
  // The sheet paints itself from the model; React draws anew only when something that it shows is different.
  const said = useRef('');
  const refreshTick = () => {
    const { model: painted, source: rows } = parts.current;
    painted?.changed();
    const now = JSON.stringify([rows?.total(), book.refused().map(({ message }) => message)]);
    if (now === said.current) return;
    said.current = now;
    tick((n) => n + 1);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once per object; everything else is read through `now`
  const book = useMemo(() => {
    const source = () => parts.current.source;
    return new EditBook({
      object: object.name,
      write: (changes) => call(api.records.write, { body: { changes, atomic: false } }),
      undo: (id) => call(api.records.undo, { params: { id } }),
      resolve: (edit) => resolveReference(object, edit, now.current),
      row: (id) => source()?.find(id),
      replace: (row) => source()?.replace(row),
      refresh: async (ids) => {
        const current = source();
        if (!current || ids.length === 0) return;
        if (ids.length > 40) {
          current.expire();
          return;
        }
        const { fields } = current.query;
        const reply = await call(api.records.query, {
          body: {
            object: object.name,
            ...(fields && { fields }),
            freshness: true,
            filter: { field: '$id', op: 'in', value: ids },
            page: { limit: 100 },
          },
        });
        current.addTitles(reply.titles);
        for (const row of reply.rows) current.replace(row);
        // What was deleted or brought back changes the list itself.
        if (reply.rows.length < new Set(ids).size) current.expire();
        refreshTick();
      },
      onChange: refreshTick,
      onConflicts: (found) => setConflicts((old) => [...old, ...found]),
      onFailure: (error) => now.current.toasts.error(sentence(error)),
      onUndone: (what, { skipped }) => {
        const { t: say } = now.current;
        const tail = skipped > 0 ? say('skipped-n', { n: skipped }) : '';
        now.current.toasts.info(say(what === 'undo' ? 'undone-edit' : 'redone-edit') + tail);
      },
      onHeld: (why) => now.current.toasts.info(why.join(' ') || now.current.t('held')),
      sentence,
    });
  }, [object.name]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new source per query and grouping
  const source = useMemo(() => {
    const made = new RowSource(query, {
      fetch: (body) => call(api.records.query, { body }),
      onChange: () => {
        setFailed(null);
        refreshTick();
      },
      onError: (error) => setFailed(error),
    });
    return made;
  }, [query, wanted.groupBy]);
  useEffect(() => {
    source.reopen();
    return () => source.close();
  }, [source]);
  parts.current.source = source;

  const titles = useMemo(() => ({ get: (id: string) => source.title(id) }) as ReadonlyMap<string, string>, [source]);
  const env = useFormatEnv(object.fields, titles);
  now.current = { t, label, toasts, accounts, catalog, env };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the environment is handed over below without losing the model
  const model = useMemo(() => new RecordModel(object, source, book, env, t('group-empty')), [object, source, book]);
  parts.current.model = model;
  model.env = env;
  model.emptyGroup = t('group-empty');
  model.groupField = wanted.groupBy ?? '';

  const loadGroups = useRef(() => {});
  loadGroups.current = () => {
    const field = wanted.groupBy;
    if (!field) return;
    const { freshness: _, fields: __, sort: ___, ...rest } = query;
    call(api.records.group, { body: { query: rest, field, limit: 500 } })
      .then(({ groups }) => source.setGroups(field, groups))
      .catch(setFailed);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per source; live updates below call it again
  useEffect(() => loadGroups.current(), [source]);
  useEffect(() => {
    // Names of people and trees arrive after the rows.
    void env;
    model.changed();
  }, [model, env]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    if (event.type === 'missed') {
      source.expire();
      loadGroups.current();
      return;
    }
    if (event.type !== 'changed' || event.object !== object.name) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      await book.idle();
      if (book.isOwn(event.changeSet)) return;
      source.expire();
      loadGroups.current();
    }, 250);
  });

  return {
    model,
    book,
    query,
    conflicts,
    dismissConflicts: () => setConflicts([]),
    total: source.total(),
    failed,
    retry: () => {
      setFailed(null);
      source.retry();
      loadGroups.current();
    },
  };
}
