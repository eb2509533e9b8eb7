import { editDistance, jaroWinkler, pairDice, soundex } from '../distance.ts';
import { type Address, parseAddress } from '../standardise/address.ts';
import { placeOf } from '../standardise/places.ts';
import { soundsSame } from '../standardise/sound.ts';
import { hasHan, letters, plain, words } from '../standardise/text.ts';
import type { ColumnStatistics, Kind } from '../types.ts';
import { tokenAgreement } from './tokens.ts';

function compareHanAddress(a: Address, b: Address): number {
  if (a.text === b.text) return a.number === '' && a.road === '' ? 4 : 0;
  const apart = a.city !== '' && b.city !== '' && a.city !== b.city;
  if (a.road !== '' && b.road !== '' && !apart) {
    const road =
      a.road === b.road ||
      (Math.min(a.road.length, b.road.length) >= 3 && (a.road.endsWith(b.road) || b.road.endsWith(a.road)));
    const nearRoad =
      road || soundsSame(a.road, b.road).same || (a.road.length >= 4 && editDistance(a.road, b.road, 1) <= 1);
    if (nearRoad && a.number !== '' && b.number !== '') {
      // A dropped 号 runs house number and building together: 道号9666 is 966号6.
      const joined =
        a.number !== b.number &&
        (a.number.startsWith(b.number) || b.number.startsWith(a.number)) &&
        Math.min(a.number.length, b.number.length) >= 2;
      if (a.number === b.number || joined)
        return !road || joined
          ? 2
          : a.inside === b.inside ||
              a.inside === '' ||
              b.inside === '' ||
              a.inside.startsWith(b.inside) ||
              b.inside.startsWith(a.inside)
            ? 1
            : 2;
      return 3;
    }
    if (road) return 3;
  }
  const district = a.district.slice(0, 2) === b.district.slice(0, 2) && a.district !== '';
  if (pairDice(a.text, b.text) >= 0.75) return 3;
  return (district || (a.city !== '' && a.city === b.city)) && !apart ? 4 : 5;
}

function compareLatinAddress(a: Address, b: Address, statistics: ColumnStatistics): number {
  if (a.text === b.text) return 0;
  const { both, short } = tokenAgreement(a.tokens, b.tokens, statistics);
  const numbers = a.number !== '' && b.number !== '';
  if (numbers && a.number === b.number) return short >= 0.85 ? 1 : both >= 0.45 ? 2 : both >= 0.2 ? 3 : 5;
  if (numbers) return both >= 0.5 ? 3 : both >= 0.3 ? 4 : 5;
  if (
    both >= 0.85 ||
    editDistance(a.text, b.text, 2) <= (a.text.length >= 8 ? 2 : 1) ||
    jaroWinkler(a.text, b.text) >= 0.95
  )
    return 1;
  if (short >= 0.85) return 2;
  return both >= 0.5 ? 3 : both >= 0.25 ? 4 : 5;
}

export const address: Kind<Address> = {
  name: 'address',
  levels: [
    { name: 'same', label: { zh: '地址相同', en: 'same address' }, m: 0.4, u: 1e-5, term: true },
    {
      name: 'door',
      label: { zh: '同一路同一门牌，写法不同', en: 'same road and number, written differently' },
      m: 0.25,
      u: 1e-5,
      term: true,
    },
    {
      name: 'near',
      label: { zh: '同一门牌，楼层房号不同或路名相近', en: 'same number, other room or a similar road' },
      m: 0.08,
      u: 1e-4,
    },
    { name: 'road', label: { zh: '同一条路', en: 'same road' }, m: 0.05, u: 1e-3 },
    { name: 'area', label: { zh: '同一地区', en: 'same area' }, m: 0.07, u: 1e-2 },
    { name: 'other', label: { zh: '地址不同', en: 'different addresses' }, m: 0.15, u: 0.97 },
  ],
  parse: parseAddress,
  text: (v) => v.text,
  compare: (a, b, statistics) =>
    a.han !== b.han ? 5 : a.han ? compareHanAddress(a, b) : compareLatinAddress(a, b, statistics),
  keys(v) {
    if (v.han) return v.road !== '' && v.number !== '' ? [`${v.road.slice(-4)}${v.number}`] : [];
    return v.number !== '' ? [`${v.number} ${v.road.split(' ')[0]}`] : v.tokens.length > 1 ? [v.text] : [];
  },
  coarse: (v) => (v.han ? [v.road === '' ? v.district : v.road.slice(-4)] : v.road === '' ? [] : [v.road.slice(0, 5)]),
  term: (v) => (v.han && v.number !== '' ? `${v.road}${v.number}` : v.han ? v.text : `${v.number} ${v.road}`),
  tokens: (v) => v.tokens,
};

const PLACE_END = /(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市|区|县)$/;

export const place: Kind<string> = {
  name: 'place',
  levels: [
    { name: 'same', label: { zh: '地点相同', en: 'same place' }, m: 0.75, u: 2e-2, term: true },
    { name: 'near', label: { zh: '地点写法相近', en: 'place written almost the same' }, m: 0.1, u: 1e-2 },
    { name: 'part', label: { zh: '地点部分相同', en: 'places partly the same' }, m: 0.05, u: 2e-2 },
    { name: 'other', label: { zh: '地点不同', en: 'different places' }, m: 0.1, u: 0.95 },
  ],
  parse(raw) {
    const text = plain(raw);
    if (!hasHan(text)) return words(text).join(' ') || null;
    const whole = letters(text);
    const short = whole.replace(PLACE_END, '');
    return (short.length >= 2 ? short : whole) || null;
  },
  text: (v) => v,
  compare(a, b) {
    if (a === b) return 0;
    const x = a.replace(/ /g, '');
    const y = b.replace(/ /g, '');
    if (x === y) return 1;
    if (placeOf(a) !== undefined && placeOf(b) !== undefined) return 3;
    const shorter = Math.min(x.length, y.length);
    if (shorter >= 4 && (editDistance(x, y, 2) <= (shorter >= 8 ? 2 : 1) || jaroWinkler(x, y) >= 0.93)) return 1;
    if (shorter >= 2 && hasHan(a) && soundsSame(a, b).same) return 1;
    if (shorter >= 3 && (x.includes(y) || y.includes(x))) return 2;
    const tokens = a.split(' ');
    return b.split(' ').some((t) => t.length > 3 && tokens.includes(t)) || (shorter >= 4 && jaroWinkler(x, y) >= 0.85)
      ? 2
      : 3;
  },
  keys: () => [],
  coarse: (v) => [hasHan(v) ? v.slice(0, 2) : soundex(v) || v.slice(0, 3)],
  term: (v) => v,
};
