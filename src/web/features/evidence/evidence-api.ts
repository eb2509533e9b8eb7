import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { EvidenceKindRow, TrustedSource } from '../../../contract/evidence.ts';
import { call } from '../../api/client.ts';

const KINDS = ['evidence', 'kinds'];
const SOURCES = ['evidence', 'sources'];

export const useKinds = () =>
  useQuery({ queryKey: KINDS, queryFn: ({ signal }) => call(api.evidence.kinds, { signal }) });

export const useSources = () =>
  useQuery({ queryKey: SOURCES, queryFn: ({ signal }) => call(api.evidence.sources, { signal }) });

/** Puts what the server answered in the place of what was shown. */
export function useKeep(): { kinds(reply: { kinds: EvidenceKindRow[] }): void; sources(list: TrustedSource[]): void } {
  const client = useQueryClient();
  return {
    kinds: (reply) => client.setQueryData(KINDS, reply),
    sources: (sources) => client.setQueryData(SOURCES, { sources }),
  };
}
