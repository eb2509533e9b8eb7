/**
 * Makes the function that gives the first 32 bits of SHA-256 (FIPS 180-4) over a text of ASCII letters. Pure, because crypto.subtle is missing where a
 * page comes over plain http in an office network, and slow for many short texts.
 *
 * The page runs this very function: its source is put into the page's script, so it may use nothing from outside itself.
 */
export function openHash(): (text: string) => number {
  const fraction = (value: number): number => ((value - Math.floor(value)) * 0x100000000) | 0;
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const k = Int32Array.from(primes, (prime) => fraction(prime ** (1 / 3)));
  const start = Int32Array.from(primes.slice(0, 8), (prime) => fraction(prime ** (1 / 2)));
  const w = new Int32Array(64);
  const state = new Int32Array(8);
  const at = (words: Int32Array, i: number): number => words[i] as number;

  function block(words: Int32Array, from: number): void {
    for (let i = 0; i < 16; i++) w[i] = at(words, from + i);
    for (let i = 16; i < 64; i++) {
      const x = at(w, i - 15);
      const y = at(w, i - 2);
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
    }
    let a = at(state, 0);
    let b = at(state, 1);
    let c = at(state, 2);
    let d = at(state, 3);
    let e = at(state, 4);
    let f = at(state, 5);
    let g = at(state, 6);
    let h = at(state, 7);
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + at(k, i) + at(w, i)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = at(state, i) + word;
  }

  return (text) => {
    const words = new Int32Array(Math.ceil((text.length + 9) / 64) * 16);
    for (let i = 0; i < text.length; i++)
      words[i >> 2] = at(words, i >> 2) | (text.charCodeAt(i) << (24 - (i & 3) * 8));
    words[text.length >> 2] = at(words, text.length >> 2) | (0x80 << (24 - (text.length & 3) * 8));
    words[words.length - 1] = text.length * 8;
    state.set(start);
    for (let from = 0; from < words.length; from += 16) block(words, from);
    return at(state, 0) >>> 0;
  };
}

/** Whether a hash over challenge and number solves it: so many bits at its beginning are zero (hashcash; 32 at most). */
export const isSolution = (word: number, bits: number): boolean => word < 2 ** (32 - bits);
