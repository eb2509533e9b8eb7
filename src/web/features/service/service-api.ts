import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { ServiceClock, ServiceSettings, WorkCalendarSettings } from '../../../contract/service.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useServiceText } from './texts.ts';

const key = ['service'] as const;

export const useService = () =>
  useQuery({ queryKey: key, queryFn: ({ signal }) => call(api.service.get, { signal }), staleTime: 60_000 });

function useSaving<Body>(send: (body: Body) => Promise<ServiceSettings>, done?: () => void) {
  const t = useServiceText();
  const toasts = useToasts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (saved) => {
      client.setQueryData(key, saved);
      toasts.success(t('saved'));
      done?.();
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
}

export const useSaveCalendar = () =>
  useSaving((body: WorkCalendarSettings) => call(api.service.saveCalendar, { body }));

export const useSaveClocks = (done?: () => void) =>
  useSaving((clocks: ServiceClock[]) => call(api.service.saveClocks, { body: { clocks } }), done);
