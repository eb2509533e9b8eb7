import { QueryClient, queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { api } from '../../contract/api.ts';
import type { Act } from '../../domain/access/types.ts';
import type { Catalog, ObjectDef } from '../../domain/schema/types.ts';
import { call } from './client.ts';
import { ApiError } from './errors.ts';
import { withCopy } from './offline-copy.ts';

/** One cache for the whole page. Live events invalidate it (api/live.ts), so data need not go stale by the clock quickly. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Asked even when the browser thinks it is offline: the answer may be a copy, and a failure is better than a page that waits for ever.
      networkMode: 'offlineFirst',
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 2 && error instanceof ApiError && (error.status === 503 || error.code === 'network'),
    },
    mutations: { retry: false },
  },
});

/** Keys of everything that is cached; live events name what they make stale by these. */
export const keys = {
  setup: ['setup'] as const,
  session: ['session'] as const,
  accounts: ['accounts'] as const,
  catalog: ['catalog'] as const,
  views: (object: string) => ['views', object] as const,
  tree: (tree: string) => ['tree', tree] as const,
  /** Lists of an object: ['records', object, query]. */
  records: (object: string) => ['records', object] as const,
  /** One record with its history and timeline: ['record', object, id, what]. */
  record: (object: string, id: string) => ['record', object, id] as const,
  imports: ['imports'] as const,
  import: (id: string) => ['import', id] as const,
  today: ['today'] as const,
  health: ['health'] as const,
  policies: ['policies'] as const,
  changeSets: ['change-sets'] as const,
  /** Queue, decisions and scans: ['duplicates', object, what]. */
  duplicates: ['duplicates'] as const,
  /** The inbox: ['proposals', what]. Its counts apart: they follow what others do, the list stays still while one reads. */
  proposals: ['proposals'] as const,
  proposalCounts: ['proposals', 'counts'] as const,
};

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => withCopy('session', () => call(api.session.me, { signal })),
  staleTime: 300_000,
});

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => call(api.session.setupState, { signal }),
});

export const catalogQuery = queryOptions({
  queryKey: keys.catalog,
  queryFn: ({ signal }): Promise<Catalog> => withCopy('catalog', () => call(api.catalog.get, { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const accountsQuery = queryOptions({
  queryKey: keys.accounts,
  queryFn: ({ signal }) => withCopy('accounts', async () => (await call(api.session.accounts, { signal })).accounts),
  staleTime: 300_000,
});

/** Who is signed in and where. Only below the signed-in route, which has loaded it. */
export const useSession = () => useSuspenseQuery(sessionQuery).data;

/** Is this part of the administrator's work open to who is signed in? */
export const useMay = (act: Act): boolean => useSession().acts.includes(act);

/** All live objects and fields. Only below the signed-in route, which has loaded it. */
export const useCatalog = (): Catalog => useSuspenseQuery(catalogQuery).data;

/** One object of the catalog, live fields in order; undefined when there is none of that name. */
export function useObject(name: string): ObjectDef | undefined {
  return useCatalog().objects.find((object) => object.name === name && !object.retired);
}

/** Names of people by id, for values of type user. */
export function useAccounts() {
  return useQuery(accountsQuery).data ?? [];
}
