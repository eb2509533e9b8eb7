import type { Label } from '../domain/issue.ts';

/** What an error code means: its HTTP status and its sentence, with the fix, in both languages. `{name}` is a parameter. */
export interface ErrorMeaning {
  status: number;
  message: Label;
}

export const meaning = (status: number, zh: string, en: string): ErrorMeaning => ({ status, message: { zh, en } });
