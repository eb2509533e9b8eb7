import { bad, excerpt, good, NOTHING, rawLine } from './outcome.ts';
import type { FieldType } from './types.ts';

/** A node of a reference tree, stored as its code. */
export const treeType: FieldType = {
  name: 'tree',
  label: { zh: '级联选择', en: 'Cascade' },
  kind: 'tree',
  column: 'text',
  parse(raw, field, env) {
    const line = rawLine(raw);
    if (line === undefined) return bad('not-text');
    if (line === '') return NOTHING;
    const tree = env.trees[field.tree ?? ''];
    if (!tree) return bad('tree-missing', { tree: field.tree ?? '' });
    const node = tree.find(line);
    return node ? good(node.code) : bad('tree-unknown', { value: excerpt(line) });
  },
  format(value, field, lang, env) {
    if (typeof value !== 'string') return '';
    const path = env.trees[field.tree ?? '']?.path(value) ?? [];
    return path.length > 0 ? path.map((node) => node.label[lang] || node.label.zh).join('/') : value;
  },
};
