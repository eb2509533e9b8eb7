import { useSyncExternalStore } from 'react';
import type { Label, Lang } from '../../domain/issue.ts';
import { currentLang, rememberLang } from './lang.ts';
import { type Params, phrase } from './phrase.ts';
import { en, type TextKey, zh } from './texts.ts';

export type { Params } from './phrase.ts';

// Keys are checked by the compiler in both languages and sentences are filled by the domain's own rule, so nothing was left for a library
// (i18next with its React part is 18 kB gzip) to do but to tell components that the language changed.

const listeners = new Set<() => void>();
rememberLang(currentLang());

export function setLang(lang: Lang): void {
  rememberLang(lang);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The reader's language; the component renders again when it changes. */
export const useLang = (): Lang => useSyncExternalStore(subscribe, currentLang);

const shell: Record<Lang, Record<TextKey, string>> = { zh, en };

/** A text of the shell outside React. */
export const text = (key: TextKey, params: Params = {}): string =>
  phrase(shell[currentLang()][key], params, currentLang());

/**
 * Texts of one feature; they load with the feature's own chunk. A key that lacks a language does not compile.
 *
 *     export const useToday = defineTexts('today', { left: '还剩 {n} 位客户' }, { left: '{n} {n|customer|customers} left' });
 *     const t = useToday(); t('left', { n: 3 })
 */
export function defineTexts<Key extends string>(
  _namespace: string,
  zhTexts: Record<Key, string>,
  enTexts: Record<NoInfer<Key>, string>,
): () => (key: Key, params?: Params) => string {
  const texts: Record<Lang, Record<Key, string>> = { zh: zhTexts, en: enTexts };
  return () => {
    const lang = useLang();
    return (key, params) => phrase(texts[lang][key], params ?? {}, lang);
  };
}

/** Texts of the shell: navigation and words that every screen uses. */
export function useText(): (key: TextKey, params?: Params) => string {
  const lang = useLang();
  return (key, params) => phrase(shell[lang][key], params ?? {}, lang);
}

/** Picks the reader's language of a label of the catalog. */
export function useLabel(): (label: Label | undefined) => string {
  const lang = useLang();
  return (label) => label?.[lang] ?? '';
}

/** The same in the middle of a sentence: English writes “New customer” but “SKU” as it is. */
export function useNoun(): (label: Label | undefined) => string {
  const label = useLabel();
  return (of) => label(of).replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}
