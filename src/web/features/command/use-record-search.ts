import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';

/** Milliseconds of rest before a search is sent: below what is felt as waiting, above the pace of typing. */
const rest = 80;
const atMost = 12;

/** Records that match what is typed. During a composition (IME) nothing is asked: half a syllable is not a question. */
export function useRecordSearch(typed: string, composing: boolean) {
  const [asked, setAsked] = useState('');
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => setAsked(typed.trim()), rest);
    return () => clearTimeout(timer);
  }, [typed, composing]);
  const query = useQuery({
    queryKey: ['search', asked],
    queryFn: async ({ signal }) =>
      (await call(api.records.search, { query: { q: asked, limit: atMost }, signal })).hits,
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  const settled = asked === typed.trim() && !query.isFetching;
  return { hits: asked === '' ? [] : (query.data ?? []), settled };
}
