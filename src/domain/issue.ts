/** What is wrong with a value, a row or a request, as data: a code and the parameters its sentence needs. */
export interface Issue {
  /** Stable machine code, kebab-case with a prefix per family: `phone-length`, `required`, `filter-op`. */
  code: string;
  /** Field name (not label) the issue is about, when it is about one. */
  field?: string;
  /** Parameters of the sentence; strings are shown as they are. */
  params?: Record<string, string | number>;
  /** `error` stops the change, `warning` travels with the outcome. Absent means error. */
  level?: 'error' | 'warning';
}

export type Lang = 'zh' | 'en';

/** A text in both languages of the product. */
export interface Label {
  zh: string;
  en: string;
}

/** Sentences per issue code; `{name}` is replaced by the parameter. Every code has both languages (a test checks). */
export type Sentences = Record<string, Label>;

/** Fills a sentence. Unknown parameters stay visible so that a mistake shows. */
export function fill(template: string, params: Record<string, string | number> = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}
