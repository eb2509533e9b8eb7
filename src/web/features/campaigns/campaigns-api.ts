import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { Campaign, CampaignDetail, CampaignInput } from '../../../contract/campaigns.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';

export type { Campaign, CampaignDetail, CampaignInput };
export type Letter = 'a' | 'b';

export const campaignKeys = {
  all: ['campaigns'] as const,
  list: ['campaigns', 'list'] as const,
  segments: ['campaigns', 'segments'] as const,
  one: (id: string) => ['campaigns', 'one', id] as const,
  sender: (selector: string) => ['campaigns', 'sender', selector] as const,
};

/** How conditions are edited; the screen brings it from the tables' filter bar. */
export type FilterEditor = (props: {
  object: ObjectDef;
  own: boolean;
  label: string;
  filter: Filter | undefined;
  onChange(next: Filter | undefined): void;
}) => React.ReactNode;
export type FilterWords = (props: { object: ObjectDef; filter: Filter }) => React.ReactNode;

const SOON_MS = 1500;
const NOW_AND_THEN_MS = 10_000;

const paceOf = ({ campaign: { state, toSend } }: CampaignDetail): number | false => {
  if (state === 'checking') return SOON_MS;
  if (state === 'sending') return toSend > 0 ? SOON_MS : NOW_AND_THEN_MS;
  return ['waiting', 'scheduled', 'testing'].includes(state) ? NOW_AND_THEN_MS : false;
};

/** One campaign, looked at again while something happens to it. */
export const useCampaign = (id: string | null) =>
  useQuery({
    queryKey: campaignKeys.one(id ?? ''),
    queryFn: ({ signal }) => call(api.campaigns.read, { params: { id: id ?? '' }, signal }),
    enabled: id !== null,
    refetchInterval: ({ state: { data } }) => (data ? paceOf(data) : false),
    staleTime: 0,
  });

export const useSegments = () =>
  useQuery({
    queryKey: campaignKeys.segments,
    queryFn: async ({ signal }) => (await call(api.campaigns.segments, { signal })).segments,
    staleTime: 0,
  });

/** Fields of an object by which it can be reached. */
export function addressFields(object: ObjectDef | undefined, kind: CampaignInput['kind']): FieldDef[] {
  const type = kind === 'mail' ? 'email' : 'phone';
  return (object?.fields ?? []).filter((field) => !field.retired && field.type === type && !field.encrypted);
}

/** Objects whose records belong to those of another one: contacts of customers. */
export function childrenOf(objects: readonly ObjectDef[], object: string): ObjectDef[] {
  return objects.filter(
    (one) => !one.retired && one.fields.some((field) => field.name === one.parent && field.target === object),
  );
}

/** Who can be written to at all, for the choice of objects: they, or what belongs to them, have an address. */
export function reachable(objects: readonly ObjectDef[], kind: CampaignInput['kind']): ObjectDef[] {
  return objects.filter(
    (object) =>
      !object.retired &&
      [object, ...childrenOf(objects, object.name)].some((one) => addressFields(one, kind).length > 0),
  );
}

/** An audience whose address field exists, whatever was chosen before. */
export function fitting(
  objects: readonly ObjectDef[],
  kind: CampaignInput['kind'],
  audience: CampaignInput['audience'],
): CampaignInput['audience'] {
  const named = (name: string) => objects.find((one) => one.name === name);
  const { of, ...rest } = audience;
  const choices = [
    ...(of === undefined ? [undefined] : [of, undefined]),
    ...childrenOf(objects, audience.object).map((one) => one.name),
  ];
  for (const child of choices) {
    const fields = addressFields(named(child ?? audience.object), kind);
    const field = fields.find(({ name }) => name === audience.field) ?? fields[0];
    if (field) return { ...rest, ...(child !== undefined && { of: child }), field: field.name };
  }
  return audience;
}

export const newCampaign = (objects: readonly ObjectDef[], lang: 'zh' | 'en'): CampaignInput => ({
  name: '',
  kind: 'mail',
  purpose: 'marketing',
  audience: fitting(objects, 'mail', { object: 'customer', of: 'contact', field: 'email' }),
  variants: [{ subject: '', text: '' }],
  lang,
  tracked: true,
  rate: 600,
  split: { share: 0.2, by: 'clicks', hours: 0 },
});

/** As it is sent to be saved: without what the server adds. */
export function inputOf(campaign: Campaign): CampaignInput {
  const { name, kind, purpose, audience, variants, lang, tracked, rate, split } = campaign;
  return { name, kind, purpose, audience, variants, lang, tracked, rate, split };
}

export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)}%`;
