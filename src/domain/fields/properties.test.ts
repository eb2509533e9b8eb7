import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldDef, FieldTypeName } from '../schema/types.ts';
import { FIELD_SENTENCES } from './issues.ts';
import { parseField } from './parse-field.ts';
import { FIELD_TYPES, fieldType } from './registry.ts';
import type { ParseEnv, Tree } from './types.ts';

const node = { code: 'C36', label: { zh: '汽车制造业', en: 'Motor vehicles' }, parent: null };
const tree: Tree = {
  find: (text) => (text === 'C36' || text.startsWith('汽车') || text === 'Motor vehicles' ? node : null),
  node: (code) => (code === 'C36' ? node : null),
  path: (code) => (code === 'C36' ? [node] : []),
  children: () => [],
};
const env: ParseEnv = { now: new Date('2026-11-21T04:00:00Z'), timeZone: 'Asia/Shanghai', trees: { industry: tree } };

function field(type: FieldTypeName, more: Partial<FieldDef> = {}): FieldDef {
  return { id: 1, object: 'customer', name: 'f', label: { zh: '字段', en: 'Field' }, type, position: 0, ...more };
}

const level = field('select', {
  options: [
    { value: 'a', label: { zh: 'A 重点', en: 'A key' }, aliases: ['重点客户'] },
    { value: 'b', label: { zh: 'B 潜力', en: 'B potential' } },
    { value: 'mid', label: { zh: '50–200人', en: '50–200' }, aliases: ['50至200'] },
    { value: 'old', label: { zh: '旧', en: 'Old' }, retired: true },
  ],
});

const everyType = Object.keys(FIELD_TYPES) as FieldTypeName[];
const sample = (type: FieldTypeName): FieldDef => {
  if (type === 'tree') return field(type, { tree: 'industry' });
  return type === 'select' || type === 'multiselect' ? { ...level, type } : field(type);
};
/** Arbitrary JSON, and texts made of what the parsers look for. */
const raws = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(...'0123456789０１２+-./年月日上下午点:： （）()元万亿%￥$,，、;转#@aZX汽车\u200b\u3000\uD800'),
      { maxLength: 24 },
    )
    .map((c) => c.join('')),
  fc.double(),
);

describe.each(everyType)('%s', (type) => {
  const f = sample(type);
  test('never throws, has a sentence for every issue, and reading what it shows changes nothing', () => {
    fc.assert(
      fc.property(raws, fc.constantFrom('zh' as const, 'en' as const), (raw, lang) => {
        const once = parseField(raw, f, env);
        for (const issue of once.ok ? (once.warnings ?? []) : [once.issue]) {
          const template = FIELD_SENTENCES[issue.code]?.[lang] ?? '';
          expect(template).not.toBe('');
          const needed = [...template.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).filter((name) => name !== 'field');
          for (const name of needed) expect(issue.params).toHaveProperty([name ?? '']);
        }
        if (!once.ok) return;
        const canonical = parseField(once.value, f, env);
        expect(canonical).toMatchObject({ ok: true, value: once.value });
        if (type === 'file') return;
        const shown = fieldType(type).format(once.value, f, lang, env);
        expect(parseField(shown, f, env)).toMatchObject({ ok: true, value: once.value });
      }),
      { numRuns: 300 },
    );
  });

  test('full width reads like half width', () => {
    const wide = (text: string): string => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const unit =
      type === 'text' || type === 'longtext' || type === 'address' || type === 'tags' ? /[^0-9A-Za-z]/g : /[^ -~]/g;
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9+./-]{0,14}$/)), (text) => {
        const plain = text.replace(unit, '');
        // A value that is kept as typed (codes in sentences aside) must come out alike.
        const [a, b] = [parseField(plain, f, env), parseField(wide(plain), f, env)];
        expect(b.ok ? b.value : b.issue.code).toEqual(a.ok ? a.value : a.issue.code);
      }),
      { numRuns: 200 },
    );
  });
});
