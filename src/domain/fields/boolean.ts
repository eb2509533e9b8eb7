import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';

const YES = new Set('是 有 对 真 已 √ ✓ ✔ ☑ ✅ y yes true t 1 on 需要 同意 已签 启用'.split(' '));
const NO = new Set('否 无 没有 不 不是 错 假 未 × ✗ ✘ ☐ ❌ n no false f 0 off x 不需要 不同意 未签 停用'.split(' '));

export const boolean: FieldType = {
  name: 'boolean',
  label: { zh: '是/否', en: 'Yes/No' },
  kind: 'boolean',
  column: 'boolean',
  parse(raw) {
    if (typeof raw === 'boolean') return good(raw);
    const code = rawCode(raw);
    if (code === undefined) return bad('boolean-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    const word = code.toLowerCase();
    if (YES.has(word)) return good(true);
    if (NO.has(word)) return good(false);
    return bad('boolean-form', { value: excerpt(code) });
  },
  format(value, _field, lang) {
    if (typeof value !== 'boolean') return '';
    if (lang === 'zh') return value ? '是' : '否';
    return value ? 'Yes' : 'No';
  },
};
