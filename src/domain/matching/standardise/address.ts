import { leadingPlace } from './places.ts';
import { arabic, hasHan, plain, words } from './text.ts';

/** An address for comparing. Chinese and Latin addresses share the shape: where, which road, which number, what is inside. */
export interface Address {
  text: string;
  han: boolean;
  /** Province and city as written (Chinese), '' when not given. */
  city: string;
  /** District or county. */
  district: string;
  /** Road, street, village or industrial park by name. */
  road: string;
  /** House number on the road; '' when none. */
  number: string;
  /** Building, floor, room in order, digits and letters. */
  inside: string;
  tokens: readonly string[];
}

const SHORT: Record<string, string> = {
  street: 'st',
  strasse: 'st',
  str: 'st',
  avenue: 'ave',
  av: 'ave',
  road: 'rd',
  drive: 'dr',
  boulevard: 'blvd',
  boul: 'blvd',
  lane: 'ln',
  court: 'ct',
  place: 'pl',
  square: 'sq',
  highway: 'hwy',
  parkway: 'pkwy',
  terrace: 'tce',
  ter: 'tce',
  crescent: 'cres',
  cr: 'cres',
  circuit: 'cct',
  close: 'cl',
  grove: 'gr',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  first: '1st',
  second: '2nd',
  third: '3rd',
  fourth: '4th',
  fifth: '5th',
  sixth: '6th',
  seventh: '7th',
  eighth: '8th',
  ninth: '9th',
  tenth: '10th',
  apartment: 'apt',
  flat: 'apt',
  unit: 'apt',
  suite: 'ste',
  floor: 'fl',
  building: 'bldg',
  saint: 'st',
  mount: 'mt',
  fort: 'ft',
};

function latinAddress(text: string): Address | null {
  const tokens = words(text).map((w) => SHORT[w] ?? w);
  if (tokens.length === 0) return null;
  // "Flat 3, 12 High Street": the number after a word for a unit is not the house number.
  const number =
    tokens.find(
      (t, i) => /^\d+[a-z]?$/.test(t) && !/^(?:apt|ste|fl|bldg|room|rm|no|lot|box)$/.test(tokens[i - 1] ?? ''),
    ) ?? '';
  const at = number === '' ? -1 : tokens.indexOf(number);
  const road = tokens
    .slice(at + 1)
    .filter((t) => !/^(?:of|off|at|in|between|near|the|and|n|s|e|w|ne|nw|se|sw)$/.test(t));
  return {
    text: tokens.join(' '),
    han: false,
    city: '',
    district: '',
    road: (road.length > 0 ? road : tokens).slice(0, 2).join(' '),
    number,
    inside: '',
    tokens,
  };
}

const NO_TOKENS: readonly string[] = [];

/** 省市 … 区县 … 路 … 号: takes an address apart; null when empty. Chinese numbers become digits, spaces go. */
export function parseAddress(raw: string): Address | null {
  const base = plain(raw);
  if (!hasHan(base)) return latinAddress(base);
  const text = arabic(base)
    .replace(/[^\p{L}\p{N}#-]/gu, '')
    .replace(/^中国/, '');
  if (text === '') return null;
  let rest = text;
  let city = '';
  for (let round = 0; round < 3; round++) {
    const found = leadingPlace(rest);
    if (found === undefined || found.length >= rest.length) break;
    city = found.place.city || city;
    rest = rest.slice(found.length);
  }
  const road =
    /([\p{L}]{1,12}?(?:大道|路|街|道|巷|弄|胡同|里|村|园|城|广场|大厦|中心))(?=\d|$|第|[^路街道])(?:第?(\d+)(?:号|弄|-|#|(?=\D|$)))?/u;
  const district = /^([\p{Script=Han}]{1,10}?(?:区|县|旗|市))/u.exec(rest)?.[1] ?? '';
  let tail = rest.slice(district.length);
  tail = tail.replace(/^(?:[\p{Script=Han}]{1,8}?(?:街道办?|镇|乡|开发区|高新区|新区))+/u, '');
  // The last road before the first digit is the road: 经济技术开发区育发二路966号.
  const numbered = /([\p{Script=Han}a-z]*?[\p{Script=Han}a-z\d]{0,4}?(?:大道|路|街|道|巷|弄|胡同|村|里))(\d+)/u.exec(
    tail,
  );
  const plainRoad = numbered === null ? road.exec(tail) : null;
  const name = numbered?.[1] ?? plainRoad?.[1] ?? '';
  const number = numbered?.[2] ?? plainRoad?.[2] ?? '';
  const end =
    numbered !== null
      ? numbered.index + numbered[0].length
      : plainRoad !== null
        ? plainRoad.index + plainRoad[0].length
        : 0;
  const inside = (tail.slice(end).match(/\d+|[a-eg-z]+/g) ?? []).join('-');
  return {
    text,
    han: true,
    city,
    district: district.replace(/[区县旗市]$/, ''),
    road: name.slice(-6),
    number,
    inside,
    tokens: NO_TOKENS,
  };
}
