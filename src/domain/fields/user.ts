import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';

/** Id of an account or a department. Names are resolved before (the importer's work). */
export const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_:.@-]{0,99}$/;

export const user: FieldType = {
  name: 'user',
  label: { zh: '人员', en: 'Person' },
  kind: 'reference',
  column: 'text',
  parse(raw) {
    const code = rawCode(raw);
    if (code === undefined) return bad('user-unknown', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    return ACCOUNT.test(code) ? good(code) : bad('user-unknown', { value: excerpt(code) });
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
