import type { Lang } from '../../domain/issue.ts';

const KEY = 'xianke.lang';

/** The language chosen on this device, else the browser's; Chinese first. */
export function storedLang(): Lang {
  const stored = localStorage.getItem(KEY);
  if (stored === 'zh' || stored === 'en') return stored;
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh';
}

let lang: Lang = storedLang();

export const currentLang = (): Lang => lang;

/** Only i18n/core.ts calls this, so that texts and calls to the server always agree. */
export function rememberLang(next: Lang): void {
  lang = next;
  localStorage.setItem(KEY, next);
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
}
