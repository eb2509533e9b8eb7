import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { Pools } from '../../../contract/pool.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { usePoolText } from './texts.ts';

export const poolKeys = {
  all: ['pool'] as const,
  settings: ['pool', 'settings'] as const,
  list: (object: string, q: string) => ['pool', 'list', object, q] as const,
  due: ['pool', 'due'] as const,
};

export const usePools = () =>
  useQuery({ queryKey: poolKeys.settings, queryFn: ({ signal }) => call(api.pool.settings, { signal }), staleTime: 0 });

export function useSavePools(done: () => void) {
  const t = usePoolText();
  const toasts = useToasts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Pools) => call(api.pool.saveSettings, { body }),
    onSuccess: () => {
      toasts.success(t('saved'));
      done();
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: poolKeys.all }),
  });
}
