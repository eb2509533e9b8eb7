import { fill, type Label, type Lang } from '../../domain/issue.ts';

/** Texts of one feature: a key and both languages side by side, so that neither can be forgotten. */
export type Texts = Record<string, Label>;

export type Params = Record<string, string | number>;

export type Speak<T extends Texts> = (key: keyof T & string, params?: Params) => string;

const locales: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' };

/** Whole numbers with the grouping readers of the language expect: 12,345. */
export const formatNumber = (n: number, lang: Lang): string => n.toLocaleString(locales[lang]);

/** 0..1 → `81%`. Never rounds up to 100 or down to 0: “100%” must mean all and “0%” none. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return '<1%';
  if (share > 0.99 && share < 1) return '99%';
  return `${Math.round(share * 100)}%`;
}

/**
 * Sentences in one language. `{n}` is a parameter (numbers are grouped), `{n|row|rows}` chooses by number
 * (English has two forms, Chinese one, which needs no choice).
 */
export function speaker<T extends Texts>(texts: T, lang: Lang): Speak<T> {
  return (key, params = {}) => {
    const label = texts[key];
    if (!label) return key;
    const chosen = label[lang].replace(
      /\{(\w+)\|([^|}]*)\|([^|}]*)\}/g,
      (_, name: string, one: string, many: string) => (params[name] === 1 ? one : many),
    );
    const shown = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        typeof value === 'number' ? formatNumber(value, lang) : value,
      ]),
    );
    return fill(chosen, shown);
  };
}
