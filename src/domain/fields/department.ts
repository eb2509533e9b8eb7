import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';
import { ACCOUNT } from './user.ts';

export const department: FieldType = {
  name: 'department',
  label: { zh: '部门', en: 'Department' },
  kind: 'reference',
  column: 'text',
  parse(raw) {
    const code = rawCode(raw);
    if (code === undefined) return bad('department-unknown', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    return ACCOUNT.test(code) ? good(code) : bad('department-unknown', { value: excerpt(code) });
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
