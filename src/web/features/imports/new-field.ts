import type { z } from 'zod';
import type { fieldInput } from '../../../contract/catalog.ts';
import type { FieldTypeName } from '../../../domain/schema/types.ts';

export type FieldInput = z.infer<typeof fieldInput>;

/** Types offered for a column that has no field yet; the rest (relations, trees, …) needs the designer. */
export const columnTypes = [
  'text',
  'longtext',
  'number',
  'money',
  'date',
  'boolean',
  'select',
  'tags',
  'phone',
  'email',
  'url',
  'address',
] as const satisfies FieldTypeName[];

const all = (samples: string[], pattern: RegExp): boolean => samples.every((sample) => pattern.test(sample));

/** First idea of a type from a few non-empty values; the person can change it before anything is made. */
export function guessType(samples: string[]): FieldTypeName {
  const values = samples.map((sample) => sample.trim()).filter((sample) => sample !== '');
  if (values.length === 0) return 'text';
  if (all(values, /^(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$/)) return 'phone';
  if (all(values, /^[^@\s]+@[^@\s]+\.[^@\s]+$/)) return 'email';
  if (all(values, /^(https?:\/\/|www\.)/i)) return 'url';
  if (all(values, /^\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?$/)) return 'date';
  if (all(values, /^(是|否|有|无|yes|no|true|false|y|n|√|×)$/i)) return 'boolean';
  // A leading zero or a long run of digits is a code, not a quantity: as a number it would lose digits.
  if (all(values, /^-?(0|[1-9][\d,]{0,14})(\.\d+)?$/)) return 'number';
  if (values.some((value) => value.length > 80 || value.includes('\n'))) return 'longtext';
  return 'text';
}

/** Field proposed for a column: named as the column is. */
export function fieldFromColumn(header: string, samples: string[]): FieldInput {
  const name = header.replace(/\s+/g, ' ').trim().slice(0, 60) || '?';
  return { label: { zh: name, en: name }, type: guessType(samples), aliases: [name.toLowerCase()] };
}
