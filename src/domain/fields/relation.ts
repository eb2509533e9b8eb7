import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Id of a record of the target object. Names are resolved before (the importer's work). */
export const relation: FieldType = {
  name: 'relation',
  label: { zh: '关联', en: 'Relation' },
  kind: 'reference',
  column: 'uuid',
  parse(raw) {
    const code = rawCode(raw)?.toLowerCase();
    if (code === undefined) return bad('relation-unknown', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    return UUID.test(code) ? good(code) : bad('relation-unknown', { value: excerpt(code) });
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
