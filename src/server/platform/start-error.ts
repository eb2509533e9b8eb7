import type { Label } from '../../domain/issue.ts';

/** Why the server or a command can't start: shown to the person at the terminal in both languages, with the fix. */
export class StartError extends Error {
  readonly code: string;
  readonly sentence: Label;

  constructor(code: string, sentence: Label, cause?: unknown) {
    super(sentence.en, cause === undefined ? undefined : { cause });
    this.name = 'StartError';
    this.code = code;
    this.sentence = sentence;
  }
}
