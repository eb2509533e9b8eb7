import { fill, type Lang } from '../../domain/issue.ts';

export type Params = Record<string, string | number>;

const locales: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' };

/** Numbers with the grouping readers of the language expect: 12,345. */
export const formatNumber = (n: number, lang: Lang): string => n.toLocaleString(locales[lang]);

/** 0..1 → `81%`. Never rounds up to 100 or down to 0: “100%” must mean all and “0%” none. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return '<1%';
  if (share > 0.99 && share < 1) return '99%';
  return `${Math.round(share * 100)}%`;
}

/**
 * A sentence with its parameters. `{n}` is a parameter (numbers are grouped); `{n|row|rows}` chooses by number
 * (English has two forms; Chinese has one and needs no choice).
 */
export function phrase(template: string, params: Params, lang: Lang): string {
  const chosen = template.replace(/\{(\w+)\|([^|}]*)\|([^|}]*)\}/g, (_, name: string, one: string, many: string) =>
    params[name] === 1 ? one : many,
  );
  const shown = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'number' ? formatNumber(value, lang) : value,
  ]);
  return fill(chosen, Object.fromEntries(shown));
}
