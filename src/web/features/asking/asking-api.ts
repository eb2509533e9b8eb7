import type { QueryClient } from '@tanstack/react-query';

/** Keys of what this feature caches. */
export const askKeys = {
  all: ['asks'] as const,
  list: (state: string, record?: string) => ['asks', 'list', state, record ?? ''] as const,
  draft: (object: string, id: string) => ['asks', 'draft', object, id] as const,
};

export const refreshAsks = (client: QueryClient) => client.invalidateQueries({ queryKey: askKeys.all });
