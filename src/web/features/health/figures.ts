import type { z } from 'zod';
import type { healthSchema } from '../../../contract/freshness.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Label } from '../../../domain/issue.ts';

export type Health = z.infer<typeof healthSchema>;
export type FigureName = 'completeness' | 'validity' | 'freshness' | 'uniqueness';

export type Tone = 'good' | 'middle' | 'bad';

/** Leaf colours of the product: green from 80 %, yellow from 50 %. */
export const toneOf = (share: number): Tone => (share >= 0.8 ? 'good' : share >= 0.5 ? 'middle' : 'bad');

export interface Part {
  key: string;
  label: Label;
  /** 0..1, as good is. */
  value: number;
  /** Records that fall short. */
  count: number;
  /** Rows behind the figure; null where nothing can show them. */
  filter: Filter | 'duplicates' | null;
}

export interface Figure {
  name: FigureName;
  value: number;
  tone: Tone;
  /** Worst first. */
  parts: Part[];
}

/** The four figures with the rows behind each part. Numbers lead to rows (interface.md 6). */
export function figuresOf(health: Health): Figure[] {
  const figure = (
    name: 'completeness' | 'validity' | 'freshness',
    filter: (field: string) => Filter | null,
  ): Figure => ({
    name,
    value: health[name].value,
    tone: toneOf(health[name].value),
    parts: worstFirst(
      health[name].parts.map((part) => ({
        key: part.field,
        label: part.label,
        value: part.value,
        count: part.count,
        filter:
          part.count > 0 ? filter(part.field) : name === 'freshness' && part.value < 0.8 ? unsure(part.field) : null,
      })),
    ),
  });
  return [
    figure('completeness', (field) => ({ field, op: 'empty' })),
    figure('validity', () => null),
    figure('freshness', (field) => ({ field, op: 'stale' })),
    {
      name: 'uniqueness',
      value: health.uniqueness.value,
      tone: toneOf(health.uniqueness.value),
      parts: worstFirst(
        health.uniqueness.byKey.map((one) => ({
          key: one.key,
          label: one.label,
          value: health.records === 0 ? 1 : 1 - one.records / health.records,
          count: one.records,
          filter: one.records > 0 ? ('duplicates' as const) : null,
        })),
      ),
    },
  ];
}

/** Nothing is due, yet little is known: empty, or never verified. */
const unsure = (field: string): Filter => ({ field, op: 'confidenceBelow', value: 0.5 });

const worstFirst = (parts: Part[]): Part[] => [...parts].sort((a, b) => a.value - b.value || b.count - a.count);

export interface DueBar {
  key: 'now' | 'in30' | 'in90';
  count: number;
  share: number;
  filter: Filter;
}

const day = 86_400_000;

/** Past due now, and in 30 and 90 days if nothing is done; each with its rows. */
export function dueBars(health: Health): DueBar[] {
  const at = new Date(health.at).getTime();
  const until = (days: number): Filter => ({
    field: '$due_at',
    op: 'lte',
    value: new Date(at + days * day).toISOString(),
  });
  const share = (count: number): number => (health.records === 0 ? 0 : count / health.records);
  return [
    { key: 'now', count: health.due.now, share: share(health.due.now), filter: until(0) },
    { key: 'in30', count: health.due.in30, share: share(health.due.in30), filter: until(30) },
    { key: 'in90', count: health.due.in90, share: share(health.due.in90), filter: until(90) },
  ];
}
