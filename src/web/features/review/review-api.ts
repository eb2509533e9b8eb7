import { type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { narrowingSchema, proposals } from '../../../contract/proposals.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';

export type Narrowing = z.input<typeof narrowingSchema>;

const PAGE = 30;
/** Others decide and propose too; live events tell most of it sooner. */
const NOW_AND_THEN_MS = 60_000;

export const countKey = [...keys.proposalCounts, 'badge'] as const;
const listKey = [...keys.proposals, 'list'] as const;
export const decidedKey = [...keys.proposals, 'decided'] as const;
export const rulesKey = [...keys.proposals, 'rules'] as const;

/** How many wait for the reader; counting stops at a thousand. */
export const useOpenCount = () =>
  useQuery({
    queryKey: countKey,
    queryFn: ({ signal }) => call(api.proposals.count, { signal }),
    refetchInterval: NOW_AND_THEN_MS,
  });

/** How many of each kind. With a hundred thousand open it takes a fifth of a second, so it is not asked after every decision. */
export const useFacets = (narrowing: Narrowing) =>
  useQuery({
    queryKey: [...keys.proposals, 'facets', narrowing],
    queryFn: ({ signal }) => call(api.proposals.facets, { query: narrowing, signal }),
    placeholderData: (before) => before,
    staleTime: 0,
    refetchInterval: NOW_AND_THEN_MS,
  });

export const useProposals = (narrowing: Narrowing) =>
  useInfiniteQuery({
    queryKey: [...listKey, narrowing],
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(api.proposals.list, {
        query: { ...narrowing, state: 'held', limit: PAGE, ...(pageParam && { before: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

export type DecidedBy = NonNullable<z.output<NonNullable<typeof proposals.decisions.query>>['by']>;

export const useDecided = (by: DecidedBy) =>
  useInfiniteQuery({
    queryKey: [...decidedKey, by],
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(api.proposals.decisions, { query: { by, limit: PAGE, ...(pageParam && { before: pageParam }) }, signal }),
    getNextPageParam: (last) => last.next,
  });

export const refreshCounts = (client: QueryClient) => client.invalidateQueries({ queryKey: keys.proposalCounts });
/** After what decides many, or brings some back. */
export const refreshFacets = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: [...keys.proposals, 'facets'] });
export const refreshList = (client: QueryClient) => client.invalidateQueries({ queryKey: listKey });
