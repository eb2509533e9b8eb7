import { gramHash } from '../../../domain/text/grams.ts';

/** A seed of its own: the gram of a whole title finds exact titles however common their fragments are. */
const WHOLE = 0x2545f491;

/** Gram of a whole compact title. */
export function titleGram(title: string): number {
  let a = title.length;
  let b = 0;
  for (const character of title) {
    const code = character.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 0x01000193);
    b = (Math.imul(b, 31) + code) | 0;
  }
  return gramHash(WHOLE as Parameters<typeof gramHash>[0], a, b);
}
