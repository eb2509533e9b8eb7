import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { api } from '../../../../contract/api.ts';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { sentence } from '../../../api/errors.ts';
import { keys, useAccounts, useCatalog } from '../../../api/query.ts';
import { useFormatEnv } from '../../../fields/sources.ts';
import { useLabel } from '../../../i18n/core.ts';
import { useToasts } from '../../../ui/toasts.tsx';
import type { PageReply, Row } from '../block-store.ts';
import { type Conflict, EditBook } from '../edit-book.ts';
import { resolveReference } from '../resolve-reference.ts';
import { useRecordsText } from '../texts.ts';

/** One record, now or at the end of a day, with its own edits; live events refresh it through the query cache. */
export function useRecord(object: ObjectDef, id: string, asOf: string | undefined) {
  const t = useRecordsText();
  const label = useLabel();
  const toasts = useToasts();
  const accounts = useAccounts();
  const catalog = useCatalog();
  const queryClient = useQueryClient();
  const [, tick] = useState(0);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const queryKey = useMemo(() => [...keys.record(object.name, id), 'row', asOf ?? 'now'], [object.name, id, asOf]);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }): Promise<PageReply> =>
      call(api.records.get, { params: { object: object.name, id }, query: asOf ? { asOf } : {}, signal }),
  });
  const row = query.data?.rows[0];
  const titles = useMemo(() => new Map(Object.entries(query.data?.titles ?? {})), [query.data?.titles]);
  const env = useFormatEnv(object.fields, titles);

  const now = useRef({ t, label, toasts, accounts, catalog, row });
  now.current = { t, label, toasts, accounts, catalog, row };
  // biome-ignore lint/correctness/useExhaustiveDependencies: one book per record; the rest is read when it is needed
  const book = useMemo(() => {
    const again = async () => {
      await queryClient.invalidateQueries({ queryKey: keys.record(object.name, id) });
      tick((n) => n + 1);
    };
    return new EditBook({
      object: object.name,
      write: (changes) => call(api.records.write, { body: { changes, atomic: false } }),
      undo: (changeSet) => call(api.records.undo, { params: { id: changeSet } }),
      resolve: (edit) => resolveReference(object, edit, now.current),
      row: () => (queryClient.getQueryData<PageReply>(queryKey) ?? { rows: [] }).rows[0],
      replace: (next: Row) => {
        queryClient.setQueryData<PageReply>(queryKey, (old) => (old ? { ...old, rows: [next] } : old));
        // Timeline, freshness and names of new relations come from the server.
        void again();
      },
      refresh: again,
      onChange: () => tick((n) => n + 1),
      onConflicts: (found) => setConflicts((old) => [...old, ...found]),
      onFailure: (error) => now.current.toasts.error(sentence(error)),
      onUndone: (what, { skipped }) =>
        now.current.toasts.info(
          now.current.t(what === 'undo' ? 'undone-edit' : 'redone-edit') +
            (skipped > 0 ? now.current.t('skipped-n', { n: skipped }) : ''),
        ),
      onHeld: (why) => now.current.toasts.info(why.join(' ') || now.current.t('held')),
      sentence,
    });
  }, [object.name, id]);

  return { query, row, env, book, conflicts, dismissConflicts: () => setConflicts([]) };
}

export type RecordState = ReturnType<typeof useRecord>;
