import { usccCheck } from '../domain/fields/uscc.ts';
import { Draw, SPACE, shuffle } from './draw.ts';
import { type City, citiesOf } from './places.ts';
import {
  BRAND,
  BUILDINGS,
  FORMS,
  GIVEN,
  HOSTS,
  MOBILE,
  REMARKS,
  ROADS,
  SOURCES,
  SURNAMES,
  TITLES,
  TRADES,
} from './words.ts';

/** The twenty columns of a demo sheet, under the headers that people use; twelve of them are tracked for freshness. */
export const DEMO_COLUMNS = [
  { header: '客户名称', field: 'name', kind: 'text' },
  { header: '统一社会信用代码', field: 'uscc', kind: 'text' },
  { header: '客户类型', field: 'customer_type', kind: 'text' },
  { header: '客户等级', field: 'level', kind: 'text' },
  { header: '所属行业', field: 'industry', kind: 'text' },
  { header: '企业规模', field: 'size', kind: 'text' },
  { header: '客户来源', field: 'source', kind: 'text' },
  { header: '负责人', field: 'owner', kind: 'text' },
  { header: '联系人', field: 'contact_name', kind: 'text' },
  { header: '职务', field: 'contact_title', kind: 'text' },
  { header: '手机', field: 'mobile', kind: 'text' },
  { header: '电话', field: 'phone', kind: 'text' },
  { header: '邮箱', field: 'email', kind: 'text' },
  { header: '所在地区', field: 'region', kind: 'text' },
  { header: '地址', field: 'address', kind: 'text' },
  { header: '合作金额', field: 'amount', kind: 'number' },
  { header: '签约日期', field: 'signed_on', kind: 'date' },
  { header: '最近跟进时间', field: 'last_followup_at', kind: 'datetime' },
  { header: '下次跟进日期', field: 'next_followup_on', kind: 'date' },
  { header: '备注', field: 'remark', kind: 'text' },
] as const;

export interface DemoOptions {
  seed: number;
  /** `code|name|English` of the division tree. */
  divisions: readonly string[];
  /** Names of the sales people; each customer gets one. */
  owners: readonly string[];
  /** The demo's present, for its dates; milliseconds. */
  now: number;
}

/** Text, numbers, and '' for an empty cell; dates as `2026-01-31`, moments as `2026-01-31 09:30:00`. */
export type DemoCell = string | number;

export interface Demo {
  /** Row `index` (0 … 67 million) as cells of DEMO_COLUMNS. Names, credit codes and mobiles are unique. About 200,000 rows a second. */
  row(index: number): DemoCell[];
}

const DAY = 86_400_000;
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const BRANDS = BRAND.length * BRAND.length;
const LEVELS = ['A', 'B', 'B', 'B', 'C', 'C', 'C', 'C', 'C', 'C'];
const TYPES = ['潜在', '潜在', '潜在', '意向', '意向', '意向', '签约', '签约', '签约', '流失'];
const SIZES = [
  '50 人以下',
  '50 人以下',
  '50 人以下',
  '50 人以下',
  '50–200 人',
  '50–200 人',
  '200–500 人',
  '500 人以上',
];

/** Believable Chinese customers out of a seed: the same seed, row and day give the same customer on every machine. */
export function createDemo(options: DemoOptions): Demo {
  const { seed, owners, now } = options;
  const kinds = firmKinds(citiesOf(options.divisions));
  const dates = daysAround(now, 7 * 365, 120);
  const draw = new Draw();

  return {
    row(index) {
      if (!(index >= 0 && index < SPACE)) throw new RangeError(`demo row ${index}`);
      draw.begin(seed, index);
      const serial = shuffle(index, seed);
      const kind = kinds[Math.floor(serial / BRANDS) % kinds.length] as FirmKind;
      const { city } = kind;
      const one = BRAND[Math.floor((serial % BRANDS) / BRAND.length)] as Word;
      const two = BRAND[serial % BRAND.length] as Word;
      const surname = SURNAMES[Math.floor((draw.below(1000) * draw.below(1000) * SURNAMES.length) / 1e6)] as Word;
      const first = draw.of(GIVEN);
      const second = draw.chance(72) ? draw.of(GIVEN) : null;
      const type = draw.of(TYPES);
      const signed = type === '签约' || type === '流失';
      const district = city.districts.length > 0 ? draw.of(city.districts).name : '';
      const followed = draw.below(400);
      return [
        nameOf(city, one.word + two.word, kind, draw.below(10)),
        draw.chance(85) ? usccOf(city, serial) : '',
        type,
        draw.of(LEVELS),
        kind.industry,
        draw.of(SIZES),
        draw.of(SOURCES),
        owners.length > 0 ? draw.of(owners) : '',
        surname.word + first.word + (second?.word ?? ''),
        draw.of(TITLES),
        draw.chance(95) ? MOBILE[serial % MOBILE.length] + String(10_000_000 + serial).slice(-8) : '',
        draw.chance(60) ? `${city.areaCode}-${2 + draw.below(7)}${draw.digits(city.phoneDigits - 1)}` : '',
        draw.chance(75) ? mailOf(draw, surname, first, one, two) : '',
        city.full + district,
        `${city.full}${district}${draw.of(ROADS)}${1 + draw.below(900)}号${draw.of(BUILDINGS)}${1 + draw.below(12)}栋${1 + draw.below(30)}${draw.digits(2)}室`,
        signed
          ? Math.round(5000 * 10 ** (draw.below(3000) / 1000))
          : draw.chance(20)
            ? 10_000 * (1 + draw.below(80))
            : '',
        signed ? dates.at(-draw.below(6 * 365)) : '',
        draw.chance(85)
          ? `${dates.at(-followed)} ${String(9 + draw.below(9)).padStart(2, '0')}:${String(draw.below(60)).padStart(2, '0')}:00`
          : '',
        draw.chance(40) ? dates.at(draw.below(90) - 20) : '',
        draw.chance(35) ? draw.of(REMARKS) : '',
      ];
    },
  };
}

type Word = (typeof BRAND)[number];

/** Place, trade and legal form: what tells two firms of one brand apart. */
interface FirmKind {
  city: City;
  trade: string;
  form: string;
  industry: string;
}

/** As many distinct kinds as there are rows per brand, cities in proportion to their weight, the usual form first. */
function firmKinds(cities: readonly City[]): FirmKind[] {
  const wanted = Math.floor(SPACE / BRANDS);
  const total = cities.reduce((sum, city) => sum + city.weight, 0);
  // Heavy industries give more of their words to small cities too: words in turn, heaviest industries first.
  const words = TRADES.flatMap(({ industry, weight, words }) =>
    words.map((trade, i) => ({ industry, trade, rank: (i + 1) / weight })),
  ).sort((a, b) => a.rank - b.rank || (a.trade < b.trade ? -1 : 1));
  const kinds: FirmKind[] = [];
  for (const city of cities) {
    const share = Math.ceil((wanted * city.weight) / total) + 1;
    for (let i = 0; i < share; i++) {
      const word = words[i % words.length];
      const form = FORMS[Math.floor(i / words.length)];
      if (word && form) kinds.push({ city, trade: word.trade, industry: word.industry, form });
    }
  }
  return kinds;
}

/** 深圳市安邦科技有限公司, 安邦（深圳）科技有限公司, … */
function nameOf(city: City, brand: string, kind: FirmKind, style: number): string {
  if (style === 0) return `${brand}（${city.short}）${kind.trade}${kind.form}`;
  return `${city.short}${style < 5 ? '市' : ''}${brand}${kind.trade}${kind.form}`;
}

/** Enterprise under the market regulator (91) of the city, an organisation number of its own, and the check character of GB 32100-2015. */
function usccOf(city: City, serial: number): string {
  let organisation = 'MA';
  let rest = serial;
  for (let i = 0; i < 7; i++) {
    organisation += USCC_ALPHABET[rest % 31];
    rest = Math.floor(rest / 31);
  }
  const code = `91${city.code}${organisation}`;
  return code + usccCheck(code);
}

function mailOf(draw: Draw, surname: Word, first: Word, one: Word, two: Word): string {
  const person = surname.reading + first.reading;
  if (draw.chance(40)) return `${person}${draw.digits(4)}@${draw.of(HOSTS)}`;
  return `${person}@${one.reading}${two.reading}${draw.chance(70) ? '.com' : '.com.cn'}`;
}

/** ISO days by distance from the demo's present. */
function daysAround(now: number, past: number, future: number): { at(offset: number): string } {
  const start = Math.floor(now / DAY) - past;
  const days = Array.from({ length: past + future + 1 }, (_, i) =>
    new Date((start + i) * DAY).toISOString().slice(0, 10),
  );
  return { at: (offset) => days[past + offset] ?? '' };
}
