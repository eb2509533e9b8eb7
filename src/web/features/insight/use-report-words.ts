import { useMemo } from 'react';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel } from '../../i18n/core.ts';
import {
  type Asked,
  askable,
  type Definition,
  type Dimension,
  type Figure,
  figureText,
  findAsked,
  keyText,
  type Measure,
} from './report-model.ts';
import { useInsightText } from './texts.ts';

/** What a report's parts are called, for its reader. */
export interface ReportWords {
  all: Asked[];
  key(value: FieldValue, n: number, titles: Readonly<Record<string, string>>): string;
  dimension(dimension: Dimension): string;
  measure(measure: Measure): string;
  figure(value: Figure, n: number): string;
}

export function useReportWords(definition: Definition): ReportWords | null {
  const t = useInsightText();
  const label = useLabel();
  const { objects } = useCatalog();
  const object = objects.find(({ name }) => name === definition.object);
  const all = useMemo(() => (object ? askable(object, objects) : []), [object, objects]);
  const fields = definition.by.flatMap(({ field }) => findAsked(all, field)?.field ?? []);
  const env = useFormatEnv(fields);
  if (!object) return null;
  const words = {
    empty: t('empty'),
    week: (day: string) => t('week', { day }),
    quarter: (year: string, n: number) => t('quarter', { year, n }),
  };
  const of = (path: string) => label(findAsked(all, path)?.label) || path;
  return {
    all,
    key: (value, n, titles) => {
      const dimension = definition.by[n];
      if (!dimension) return '';
      return keyText(
        value,
        dimension,
        findAsked(all, dimension.field, dimension.bucket ? ['time'] : ['group']),
        env,
        titles,
        words,
      );
    },
    dimension: ({ field }) => of(field),
    measure: ({ fn, field }) =>
      field === undefined
        ? t('of-count', { object: label(object.label) })
        : t('fn-of', { field: of(field), fn: t(`fn-${fn}`) }),
    figure: (value, n) => {
      const measure = definition.measures[n];
      return measure
        ? figureText(value, measure, measure.field === undefined ? undefined : findAsked(all, measure.field))
        : '';
    },
  };
}
