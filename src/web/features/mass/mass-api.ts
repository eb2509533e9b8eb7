import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { massRun } from '../../../contract/mass.ts';
import { call } from '../../api/client.ts';

export type MassRun = z.infer<typeof massRun>;
export type { MassAction, MassTarget } from '../../../contract/mass.ts';

export const massKeys = { all: ['mass'] as const, one: (id: string) => ['mass', id] as const };

const WORKING_MS = 500;
const ASKED_MS = 10_000;

/** Nothing of it has happened: somebody must agree first. */
export const isAsked = (run: MassRun): boolean => run.state === 'ready' && run.approval !== null;

export const isWorking = (run: MassRun): boolean => run.state === 'looking' || run.state === 'running';

/** One operation; asked again while it works. */
export const massQuery = (id: string) =>
  queryOptions({
    queryKey: massKeys.one(id),
    queryFn: ({ signal }) => call(api.mass.get, { params: { id }, signal }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => {
      if (data && isAsked(data)) return ASKED_MS;
      return data && !isWorking(data) ? false : WORKING_MS;
    },
  });
