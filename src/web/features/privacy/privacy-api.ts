import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';

export const privacyKeys = {
  all: ['privacy'] as const,
  consents: (id: string) => ['privacy', 'consents', id] as const,
};

export const usePurposes = () =>
  useQuery({
    queryKey: [...privacyKeys.all, 'purposes'],
    queryFn: async ({ signal }) => (await call(api.privacy.purposes, { signal })).purposes,
  });

export const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };
