/** Exact decimal numbers as strings (`-12.5`), so that no amount passes through a binary fraction. No exponent, no trailing zeros, no `-0`. */

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/** Canonical decimal of a plain or scientific number text times 10^shift; null when it isn't one. */
export function decimal(text: string, shift = 0): string | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const move = Number(exponent) + shift;
  let digits = whole + fraction;
  let point = whole.length + move;
  if (point < 0) {
    digits = '0'.repeat(-point) + digits;
    point = 0;
  } else if (point > digits.length) digits = digits.padEnd(point, '0');
  return join(sign === '-', digits.slice(0, point), digits.slice(point));
}

function join(negative: boolean, whole: string, fraction: string): string {
  const left = whole.replace(/^0+(?=\d)/, '') || '0';
  const right = fraction.replace(/0+$/, '');
  const text = right ? `${left}.${right}` : left;
  return negative && text !== '0' ? `-${text}` : text;
}

/** Rounds half away from zero to `scale` decimals. */
export function round(value: string, scale: number): string {
  const negative = value.startsWith('-');
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  if (fraction.length <= scale) return value;
  const kept = BigInt(whole + fraction.slice(0, scale)) + (Number(fraction[scale]) >= 5 ? 1n : 0n);
  const digits = kept.toString().padStart(scale + 1, '0');
  return join(negative, digits.slice(0, digits.length - scale), scale > 0 ? digits.slice(-scale) : '');
}

/** Digits before the point. */
export function magnitude(value: string): number {
  const whole = value.replace('-', '').split('.')[0] ?? '0';
  return whole === '0' ? 0 : whole.length;
}

/** `1234567.5` → `1,234,567.5`; with `least` decimals at least. */
export function grouped(value: string, least = 0): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const right = fraction.padEnd(least, '0');
  const left = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return right ? `${left}.${right}` : left;
}
