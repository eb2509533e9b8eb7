import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import type { Definition, Figures, Report } from './report-model.ts';

export const reportsKey = ['reports'] as const;

export function useReports() {
  return useQuery({
    queryKey: reportsKey,
    queryFn: async ({ signal }): Promise<Report[]> => (await call(api.insight.reports, { signal })).reports,
  });
}

/** Groups that a chart can show; a table shows more. */
const GROUPS = { bar: 40, line: 400, table: 2000, number: 1 } as const;

/**
 * The answer to a report, now; until it has come the one before, with `shown`, the definition that the answer belongs to: figures of customers read by
 * the columns of orders are nonsense.
 */
export function useFigures(definition: Definition) {
  const { object, filter, by, measures, chart } = definition;
  const body = {
    query: { object, ...(filter && { filter }) },
    by: chart === 'number' ? [] : by,
    measures,
    limit: GROUPS[chart],
  };
  const query = useQuery({
    queryKey: [...reportsKey, 'figures', body],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<{ figures: Figures; asked: Definition }> => ({
      figures: await call(api.insight.aggregate, { body, signal }),
      asked: definition,
    }),
  });
  const { data, error, refetch, isPlaceholderData } = query;
  return { data: data?.figures, error, refetch, shown: data && isPlaceholderData ? data.asked : definition };
}
