import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useObject } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { useValueText } from './texts.ts';

export const valueKeys = { all: ['value'] as const, overview: ['value', 'overview'] as const };

export const useOverview = () =>
  useQuery({
    queryKey: valueKeys.overview,
    queryFn: ({ signal }) => call(api.value.overview, { signal }),
    staleTime: 0,
    // Counting goes on in the background: until it is through, look again.
    refetchInterval: ({ state }) => (state.data?.settings.on && state.data.computedAt === null ? 2000 : false),
  });

/** Names of the corners, as the firm calls them; amounts as the reader writes them. */
export function useValueWords() {
  const t = useValueText();
  const lang = useLang();
  const label = useLabel();
  const options = useObject('customer')?.fields.find(({ name }) => name === 'value_octant')?.options ?? [];
  const number = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', { maximumFractionDigits: 0 });
  const years = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', { style: 'percent', maximumFractionDigits: 0 });
  return {
    octant: (value: string | null): string =>
      value === null ? t('none') : label(options.find((one) => one.value === value)?.label) || value,
    number: (value: number): string => number.format(value),
    years: (value: number): string => years.format(value),
    percent: (value: number): string => percent.format(value),
  };
}
