import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';

type Reply<E> = E extends { response?: infer R } ? (R extends z.ZodType ? z.output<R> : never) : never;
export type Mine = Reply<typeof api.identity.mine>;

export const mineQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => call(api.identity.mine, { signal }),
});
