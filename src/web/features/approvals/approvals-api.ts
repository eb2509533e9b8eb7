import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { approvalRuleSchema } from '../../../contract/approvals.ts';
import { call } from '../../api/client.ts';

export type Rule = z.infer<typeof approvalRuleSchema>;
export type Which = 'mine-to-decide' | 'mine' | 'all';

/** Others ask and decide too. */
const NOW_AND_THEN_MS = 60_000;

export const approvalKeys = {
  all: ['approvals'] as const,
  list: (which: Which) => ['approvals', 'list', which] as const,
  count: ['approvals', 'count'] as const,
  rules: ['approvals', 'rules'] as const,
};

/** How many wait for me. */
export const useWaiting = () =>
  useQuery({
    queryKey: approvalKeys.count,
    queryFn: async ({ signal }) => (await call(api.approvals.count, { signal })).waiting,
    refetchInterval: NOW_AND_THEN_MS,
  });
