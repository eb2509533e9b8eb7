import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { sheetChange, sheetChangeKind } from '../../../contract/imports.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';

export type SheetChange = z.infer<typeof sheetChange>;
export type ChangeKind = z.infer<typeof sheetChangeKind>;
export type ChangeCounts = Record<ChangeKind, { all: number; taken: number }>;
type ChangesPage = z.infer<NonNullable<typeof api.imports.changes.response>>;

const PAGE = 200;
const changesKey = (id: string) => [...keys.import(id), 'changes'] as const;

/** What a returned sheet would change, of some kinds, in the order of the file. */
export function useSheetChanges(id: string, kinds: readonly ChangeKind[], enabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...changesKey(id), kinds.join()],
    enabled,
    staleTime: 0,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }): Promise<ChangesPage> =>
      call(api.imports.changes, {
        params: { id },
        query: { kinds: kinds.join(), limit: PAGE, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });
}

type Choice = { take: 'file' | 'system'; kind?: ChangeKind; cells?: { row: number; place: number }[] };

/** Chooses a side. The list shows it at once; the counts are the server's. */
export function useChoose(id: string, onError: (error: Error) => void) {
  const client = useQueryClient();
  const filter = { queryKey: changesKey(id) };
  return useMutation({
    mutationFn: (body: Choice) => call(api.imports.choose, { params: { id }, body }),
    onMutate: ({ take, kind, cells }) => {
      const chosen = new Set(cells?.map(({ row, place }) => `${row}.${place}`));
      client.setQueriesData<InfiniteData<ChangesPage>>(filter, (data) =>
        mapPages(data, (page) => ({
          ...page,
          changes: page.changes.map((change) =>
            change.kind === kind || chosen.has(`${change.row}.${change.place}`)
              ? { ...change, take: take === 'file' }
              : change,
          ),
        })),
      );
    },
    onSuccess: (counted) =>
      client.setQueriesData<InfiniteData<ChangesPage>>(filter, (data) =>
        mapPages(data, (page) => ({ ...page, ...counted })),
      ),
    onError: (error) => {
      onError(error);
      void client.invalidateQueries(filter);
    },
  });
}

function mapPages(
  data: InfiniteData<ChangesPage> | undefined,
  change: (page: ChangesPage) => ChangesPage,
): InfiniteData<ChangesPage> | undefined {
  return data && { ...data, pages: data.pages.map(change) };
}

/** Takes the file for an ordinary table after all. */
export function useAsTable(id: string, onError: (error: Error) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(api.imports.asTable, { params: { id } }),
    onSuccess: (data) => client.setQueryData(keys.import(id), data),
    onError,
  });
}
