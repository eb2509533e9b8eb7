import { cleanLines } from '../text/width.ts';
import { bad, good, NOTHING, rawText } from './outcome.ts';
import { garbled } from './text.ts';
import type { FieldType } from './types.ts';

export const longtext: FieldType = {
  name: 'longtext',
  label: { zh: '多行文本', en: 'Long text' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    const input = rawText(raw);
    if (input === undefined) return bad('not-text');
    const lines = cleanLines(input);
    return lines === '' ? NOTHING : good(lines, garbled(lines));
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
