import type { Issue } from '../issue.ts';
import { bad, excerpt, good, NOTHING, rawLine, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

const HAN = /\p{Script=Han}/u;
const BETWEEN_HAN = /(?<=[\p{Script=Han}（）]) +(?=[\p{Script=Han}（）])/gu;

/** Replacement characters and the classic GBK/UTF-8 wrecks. */
export function garbled(text: string): Issue | null {
  return /\uFFFD|锟斤拷|烫烫烫/.test(text) ? warning('garbled', { value: excerpt(text) }) : null;
}

/** Company names as registered: full-width brackets, no spaces between Han characters. */
function companyForm(text: string): string {
  return HAN.test(text) ? text.replaceAll('(', '（').replaceAll(')', '）').replace(BETWEEN_HAN, '') : text;
}

export const text: FieldType = {
  name: 'text',
  label: { zh: '文本', en: 'Text' },
  kind: 'text',
  column: 'text',
  parse(raw, field) {
    const line = rawLine(raw);
    if (line === undefined) return bad('not-text');
    if (line === '') return NOTHING;
    if (field.match === 'company') return good(companyForm(line), garbled(line));
    // 王 芳 was spaced out to align a column; John Smith was not.
    if (field.match === 'person') return good(line.replace(BETWEEN_HAN, ''), garbled(line));
    return good(line, garbled(line));
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
