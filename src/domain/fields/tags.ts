import { formatChoices, readChoices } from './multiselect.ts';
import type { FieldType } from './types.ts';

/** Like multiselect, but new tags are welcome unless the field is declared closed (`open: false`). */
export const tags: FieldType = {
  name: 'tags',
  label: { zh: '标签', en: 'Tags' },
  kind: 'set',
  column: 'text[]',
  parse: (raw, field) => readChoices(raw, field, field.open ?? true),
  format: formatChoices,
};
