import { simplify } from '../text/simplify.ts';
import { bad, good, NOTHING, rawLine } from './outcome.ts';
import { garbled } from './text.ts';
import type { FieldType } from './types.ts';

const AROUND_HAN = /(?<=[\p{Script=Han}，。、；：（）]) +| +(?=[\p{Script=Han}，。、；：（）])/gu;

/** One line, simplified, no spaces beside Han characters. parseAddress (address-parts.ts) splits it into 省/市/区/街道. */
export const address: FieldType = {
  name: 'address',
  label: { zh: '地址', en: 'Address' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    const line = rawLine(raw);
    if (line === undefined) return bad('not-text');
    const text = simplify(line).replace(AROUND_HAN, '');
    return text === '' ? NOTHING : good(text, garbled(text));
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
