/** What the server asks: 8 characters, not among the most common. The hint goes further, because length is what helps (NIST SP 800-63B 5.1.1.2). */
export type Strength = {
  level: 0 | 1 | 2 | 3;
  hint: 'empty' | 'short' | 'common' | 'plain' | 'fair' | 'good' | 'great';
};

const minimum = 8;
/** Beginnings of what people choose first; the server has the long list. */
const common = [
  '12345678',
  '87654321',
  'password',
  'qwertyui',
  '11111111',
  '00000000',
  'abcd1234',
  'a1234567',
  '1qaz2wsx',
  'iloveyou',
  '88888888',
  '66666666',
];

/** How hard a password is to guess, roughly, and what would help. `about` are words an attacker tries first (name, company, mail). */
export function strengthOf(password: string, about: string[]): Strength {
  const length = [...password].length;
  if (length === 0) return { level: 0, hint: 'empty' };
  if (length < minimum) return { level: 0, hint: 'short' };
  const lower = password.toLowerCase();
  if (common.some((one) => lower.startsWith(one))) return { level: 0, hint: 'common' };
  const distinct = new Set(lower).size;
  const known = about
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 3)
    .reduce((rest, word) => rest.replaceAll(word, ''), lower);
  // A Han character is one of thousands, so it counts twice a letter.
  const han = known.match(/\p{Script=Han}/gu)?.length ?? 0;
  const effective = Math.min([...known].length + han, distinct * 2);
  if (distinct < 5 || effective < minimum) return { level: 1, hint: 'plain' };
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u, /\p{Script=Han}/u].filter((kind) =>
    kind.test(password),
  ).length;
  const points = effective + (kinds - 1) * 2;
  if (points >= 18) return { level: 3, hint: 'great' };
  return points >= 12 ? { level: 2, hint: 'good' } : { level: 1, hint: 'fair' };
}
