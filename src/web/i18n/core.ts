import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Label, Lang } from '../../domain/issue.ts';
import { currentLang, rememberLang } from './lang.ts';
import { type Params, phrase } from './phrase.ts';
import { en, type TextKey, zh } from './texts.ts';

export type { Params } from './phrase.ts';

void i18next.use(initReactI18next).init({
  lng: currentLang(),
  fallbackLng: 'zh',
  resources: { zh: { shell: zh }, en: { shell: en } },
  defaultNS: 'shell',
  // Keys are flat and sentences contain dots and colons; React escapes by itself. `{name}` as in the sentences of the domain.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { prefix: '{', suffix: '}', escapeValue: false },
});
rememberLang(currentLang());

export async function setLang(lang: Lang): Promise<void> {
  rememberLang(lang);
  await i18next.changeLanguage(lang);
}

/** A text of the shell outside React. */
export const text = (key: TextKey, params?: Params): string => i18next.t(key, { ns: 'shell', ...params });

/**
 * Texts of one feature; they load with the feature's own chunk. A key that lacks a language does not compile.
 *
 *     export const useToday = defineTexts('today', { left: '还剩 {n} 位客户' }, { left: '{n} {n|customer|customers} left' });
 *     const t = useToday(); t('left', { n: 3 })
 */
export function defineTexts<Key extends string>(
  namespace: string,
  zhTexts: Record<Key, string>,
  enTexts: Record<NoInfer<Key>, string>,
): () => (key: Key, params?: Params) => string {
  i18next.addResourceBundle('zh', namespace, zhTexts);
  i18next.addResourceBundle('en', namespace, enTexts);
  return () => {
    const { t, i18n } = useTranslation(namespace);
    const lang = i18n.language === 'en' ? 'en' : 'zh';
    return (key, params) => phrase(String(t(key, { skipInterpolation: true })), params ?? {}, lang);
  };
}

/** Texts of the shell: navigation and words that every screen uses. */
export function useText(): (key: TextKey, params?: Params) => string {
  const { t } = useTranslation('shell');
  return (key, params) => String(t(key, { ...params }));
}

/** The reader's language; the component renders again when it changes. */
export function useLang(): Lang {
  const { i18n } = useTranslation('shell');
  return i18n.language === 'en' ? 'en' : 'zh';
}

/** Picks the reader's language of a label of the catalog. */
export function useLabel(): (label: Label | undefined) => string {
  const lang = useLang();
  return (label) => label?.[lang] ?? '';
}
