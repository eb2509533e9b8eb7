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

/** The answer to a report, now. */
export function useFigures({ object, filter, by, measures, chart }: Definition) {
  const body = {
    query: { object, ...(filter && { filter }) },
    by: chart === 'number' ? [] : by,
    measures,
    limit: GROUPS[chart],
  };
  return useQuery({
    queryKey: [...reportsKey, 'figures', body],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<Figures> => call(api.insight.aggregate, { body, signal }),
  });
}
