import { SYSTEM_COLUMNS } from '../../../domain/schema/types.ts';

/** A name nobody has yet, readable where the label allows: `Favourite colour` → `favourite_colour`, `喜好` → `field_1`. */
export function freeName(en: string, zh: string, taken: readonly string[], fallback: 'field' | 'object'): string {
  const base = slug(en) || slug(zh) || fallback;
  const used = new Set<string>([...taken, ...SYSTEM_COLUMNS]);
  if (base !== fallback && !used.has(base)) return base;
  for (let n = base === fallback ? 1 : 2; ; n++) {
    const name = `${base}_${n}`;
    if (!used.has(name)) return name;
  }
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40);
}
