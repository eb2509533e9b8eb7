import { findOption, optionLabel, optionList } from './options.ts';
import { bad, excerpt, good, NOTHING, rawLine, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

export const select: FieldType = {
  name: 'select',
  label: { zh: '单选', en: 'Single choice' },
  kind: 'choice',
  column: 'text',
  parse(raw, field) {
    const line = rawLine(raw);
    if (line === undefined) return bad('not-text');
    if (line === '') return NOTHING;
    const option = findOption(field, line);
    if (option) return good(option.value, option.retired ? warning('select-retired', { value: line }) : null);
    if (field.open) return good(line);
    return bad('select-unknown', { value: excerpt(line), ...optionList(field) });
  },
  format: (value, field, lang) => (typeof value === 'string' ? optionLabel(field, value, lang) : ''),
};
