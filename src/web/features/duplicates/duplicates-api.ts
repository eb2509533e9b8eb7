import { type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { type Band, type ComparedObject, type QueuePage, scoresOf } from './queue-model.ts';

/** While a scan runs, and while nothing is done: others decide and write too. */
const SOON_MS = 2_000;
const NOW_AND_THEN_MS = 30_000;
const GROUPS_AT_ONCE = 20;

const objectsKey = [...keys.duplicates, 'objects'] as const;
const queueKey = (object: string) => [...keys.duplicates, object, 'queue'] as const;
export const decidedKey = (object: string) => [...keys.duplicates, object, 'decided'] as const;

/** What is compared, how much of it waits, and whether a scan runs. */
export function useComparedObjects() {
  return useQuery({
    queryKey: objectsKey,
    queryFn: async ({ signal }): Promise<ComparedObject[]> => (await call(api.duplicates.objects, { signal })).objects,
    refetchInterval: ({ state }) => (state.data?.some(({ scan }) => scan !== null) ? SOON_MS : NOW_AND_THEN_MS),
  });
}

/** Open groups of an object within a band of likeness, best first. */
export function useQueue(object: string, band: Band, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...queueKey(object), band],
    enabled,
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<QueuePage> =>
      call(api.duplicates.list, {
        query: { object, limit: GROUPS_AT_ONCE, ...scoresOf(band), ...(pageParam && { after: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });
}

export type Decision = 'different' | 'later' | 'open';

export const decide = (object: string, records: string[], decision: Decision) =>
  call(api.duplicates.decide, { body: { object, records, decision } });

/** Counts follow every decision; the list itself only where a group changed and did not leave. */
export const refreshCounts = (client: QueryClient) => client.invalidateQueries({ queryKey: objectsKey });
export const refreshQueue = (client: QueryClient, object: string) =>
  client.invalidateQueries({ queryKey: queueKey(object) });

/** Takes back a merge of a moment ago: everything returns, also to the queue. */
export async function takeBackMerge(object: string, merge: string, records: string[]): Promise<void> {
  await call(api.duplicates.unmerge, { params: { id: merge }, body: { proposed: true } });
  // To part them by hand means they are two; to undo means that nothing was said.
  await decide(object, records, 'open');
}

/** Everything that shows records, after a merge or its taking back. */
export async function refreshRecords(client: QueryClient, object: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: keys.records(object) }),
    client.invalidateQueries({ queryKey: ['record'] }),
    client.invalidateQueries({ queryKey: keys.changeSets }),
    client.invalidateQueries({ queryKey: keys.duplicates, refetchType: 'none' }),
    refreshCounts(client),
  ]);
}
