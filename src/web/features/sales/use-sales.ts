import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { forecastReply, funnelReply } from '../../../contract/sales.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { call } from '../../api/client.ts';

export type FunnelReply = z.output<typeof funnelReply>;
export type ForecastReply = z.output<typeof forecastReply>;

export type Whose = 'all' | 'mine';

const MINE: Filter = { field: 'owner', op: 'eq', value: '$me' };
const DAY_MS = 86_400_000;

const filterOf = (whose: Whose) => (whose === 'mine' ? { filter: MINE } : {});

/** Deals that began in the last `days`. The moment is cut to the day, so that coming back to the page finds the answer there. */
export const useFunnel = (object: string, whose: Whose, days: number) =>
  useQuery({
    queryKey: ['sales', object, 'funnel', whose, days],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const from = new Date(Math.floor(Date.now() / DAY_MS - days) * DAY_MS).toISOString();
      return call(api.sales.funnel, { body: { object, from, ...filterOf(whose) }, signal });
    },
  });

export const useForecast = (object: string, whose: Whose, days: number) =>
  useQuery({
    queryKey: ['sales', object, 'forecast', whose, days],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(api.sales.forecast, { body: { object, days, ...filterOf(whose) }, signal }),
  });
