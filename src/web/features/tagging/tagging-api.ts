import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { TagEntryInput, TagEntryView } from '../../../contract/tagging.ts';
import { call } from '../../api/client.ts';
import { useObject } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';

export const taggingKeys = {
  all: ['tagging'] as const,
  dictionary: ['tagging', 'dictionary'] as const,
  runs: ['tagging', 'runs'] as const,
};

export const useDictionary = () =>
  useQuery({
    queryKey: taggingKeys.dictionary,
    queryFn: ({ signal }) => call(api.tagging.dictionary, { signal }),
    staleTime: 0,
  });

/** What fields and tags of the customer are called. */
export function useTagNames() {
  const customer = useObject('customer');
  const label = useLabel();
  const fieldOf = (name: string) => customer?.fields.find((field) => field.name === name);
  return {
    field: (name: string): string => label(fieldOf(name)?.label) || name,
    tag: (field: string, tag: string, own?: TagEntryInput['label']): string =>
      label(fieldOf(field)?.options?.find(({ value }) => value === tag)?.label ?? own) || tag,
  };
}

/** An entry as it is sent: without what only the list of presets has. */
export function inputOf(entry: TagEntryView): TagEntryInput {
  const { field, tag, label, phrases, except, months, becomes, off, preset } = entry;
  return {
    ...{ field, tag, phrases, except, months },
    ...(label && { label }),
    ...(becomes !== undefined && { becomes }),
    ...(off && { off }),
    ...(preset !== undefined && { preset }),
  };
}
