import type { Lang } from '../../../domain/issue.ts';

/** The reader's language: `?lang=`, else the first of Chinese and English that Accept-Language prefers (RFC 9110 §12.5.4), else Chinese. */
export function languageOf(query: unknown, acceptLanguage: string | undefined): Lang {
  const asked = (query as { lang?: unknown } | null | undefined)?.lang;
  if (asked === 'zh' || asked === 'en') return asked;
  let best: { lang: Lang; weight: number } | undefined;
  for (const part of (acceptLanguage ?? '').split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const lang = /^zh\b/.test(tag) ? 'zh' : /^en\b/.test(tag) ? 'en' : undefined;
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find((q) => q !== undefined);
    const weight = quality === undefined ? 1 : Number(quality);
    if (lang && weight > (best?.weight ?? 0)) best = { lang, weight };
  }
  return best?.lang ?? 'zh';
}
