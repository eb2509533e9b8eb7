import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { copyTime, withCopy } from '../../api/offline-copy.ts';
import { keys } from '../../api/query.ts';
import type { Today } from './list-state.ts';

/** Entries asked for at once: more than a day's work, little enough to come at once. */
const atOnce = 40;

const copyName = (owner: string | null): string => `today.${owner ?? 'mine'}`;

/** When the shown list was made, if there is no network and it is a copy. */
export const copyOfToday = (owner: string | null): Date | null => copyTime(copyName(owner));

/** The list of one person; `owner` null is mine. */
export function useToday(owner: string | null) {
  return useQuery({
    queryKey: [...keys.today, owner],
    queryFn: ({ signal }): Promise<Today> =>
      withCopy(copyName(owner), () =>
        call(api.freshness.today, { query: { limit: atOnce, ...(owner && { owner }) }, signal }),
      ),
    // Coming back from a call or the next morning shows the day as it is.
    refetchOnWindowFocus: true,
    refetchOnReconnect: true,
  });
}

/** Is there any customer at all: an empty list means “done” or “nothing imported yet”. */
export function useAnyCustomer(enabled: boolean) {
  return useQuery({
    queryKey: [...keys.records('customer'), 'any'],
    queryFn: async ({ signal }) => {
      const body = { object: 'customer', fields: [], page: { limit: 1 }, count: 'none' as const };
      return (await call(api.records.query, { body, signal })).rows.length > 0;
    },
    enabled,
  });
}
