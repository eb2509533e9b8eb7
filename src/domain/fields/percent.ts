import { decimal } from './decimal.ts';
import { readNumber } from './number.ts';
import type { FieldType } from './types.ts';

/**
 * Stored in percentage points: 12.5 is 12.5 %. A bare number is taken as points too; who reads Excel cells in a percent style (0.125 shown as 12.5 %)
 * must hand over the text `12.5%`.
 */
export const percent: FieldType = {
  name: 'percent',
  label: { zh: '百分比', en: 'Percent' },
  kind: 'number',
  column: 'double precision',
  parse: (raw, field) => readNumber(raw, field, 'allowed'),
  format: (value) => (typeof value === 'number' ? `${decimal(String(value)) ?? ''}%` : ''),
};
