import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { block } from './blocking.ts';
import { cluster } from './cluster.ts';
import { editDistance, jaroWinkler, pairDice } from './distance.ts';
import {
  applyDecisions,
  blockingKeys,
  dedupe,
  exactKeys,
  explainPair,
  guessSchema,
  learnWeights,
  type MatchSchema,
  matcherOf,
  prepare,
  type Row,
  scorePair,
  similar,
  tableOf,
} from './index.ts';
import { kindOf } from './kinds/index.ts';
import { seeded } from './random.ts';
import type { KindName } from './types.ts';

const SCHEMA: MatchSchema = {
  fields: [
    { column: 'name', kind: 'company', subject: true, label: { zh: '公司名称', en: 'Company' } },
    { column: 'uscc', kind: 'uscc' },
    { column: 'contact', kind: 'person' },
    { column: 'mobile', kind: 'phone' },
    { column: 'phone', kind: 'phone' },
    { column: 'email', kind: 'email' },
    { column: 'address', kind: 'address' },
  ],
};
const matcher = matcherOf(SCHEMA);

const name = fc
  .tuple(
    fc.constantFrom('', '青岛', '上海市'),
    fc.constantFrom('海尔', '海儿', '鼎盛恒', '天铭'),
    fc.constantFrom('科技', '智能科技', '控股', ''),
    fc.constantFrom('', '集团', '有限公司', '集团有限公司', '有限公司北京分公司', '（集团）股份有限公司'),
  )
  .map((p) => p.join(''));
const record = fc.record(
  {
    name,
    uscc: fc.constantFrom('91350100M000100Y43', '91110000100001234X', ''),
    contact: fc.constantFrom('张伟', '张经理', '章伟', '李娜', ''),
    mobile: fc.constantFrom('13800138000', '+86 138 0013 8001', '15912345678', ''),
    phone: fc.constantFrom('0571-87654321', '87654321', '13800138000', ''),
    email: fc.constantFrom('a@haier.com', 'b@haier.com', 'A@HAIER.COM', ''),
    address: fc.constantFrom('青岛市崂山区海尔路1号', '崂山区海尔路1号2层', '上海市浦东新区世纪大道100号', ''),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Row>;

describe('distances', () => {
  const word = fc.string({ maxLength: 12 });
  test('are symmetric, zero only for equals, and bounded', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b, 2)).toBe(Math.min(3, editDistance(a, b)));
        expect(jaroWinkler(a, b)).toBeCloseTo(jaroWinkler(b, a), 10);
        expect(pairDice(a, b)).toBeCloseTo(pairDice(b, a), 10);
        for (const s of [jaroWinkler(a, b), pairDice(a, b)]) expect(s).toSatisfy((x: number) => x >= 0 && x <= 1);
      }),
    );
  });
  test('known values', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('abcd', 'acbd')).toBe(1);
    expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.9611, 4);
  });
});

test('every kind compares symmetrically and any text safely', () => {
  const kinds: KindName[] = [
    'company',
    'person',
    'given',
    'family',
    'phone',
    'email',
    'url',
    'uscc',
    'identifier',
    'date',
    'address',
    'number',
    'postcode',
    'place',
    'category',
    'text',
  ];
  const text = fc.oneof(
    name,
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      'John Smith',
      'Jon Smyth',
      '12 High St',
      '1986-01-02',
      '张伟',
      '青岛市海尔路1号',
      '0571-87654321',
      '北大',
      '北京大学',
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...kinds), text, text, (kind, a, b) => {
      const own = kindOf(kind);
      const [x, y] = [own.parse(a), own.parse(b)];
      if (x === null || y === null) return;
      const statistics = { rarity: () => 3 };
      const level = own.compare(x, y, statistics);
      expect(level).toBe(own.compare(y, x, statistics));
      expect(level).toBeLessThan(own.levels.length);
      expect(own.keys(x)).toEqual(own.keys(own.parse(a)));
    }),
    { numRuns: 1000 },
  );
});

test('the score of a pair does not depend on its order', () => {
  fc.assert(
    fc.property(record, record, (a, b) => {
      const [x, y] = [prepare(matcher, a), prepare(matcher, b)];
      expect(scorePair(matcher, x, y).score).toBeCloseTo(scorePair(matcher, y, x).score, 9);
    }),
  );
});

test('the waterfall adds up', () => {
  fc.assert(
    fc.property(record, record, (a, b) => {
      const e = explainPair(matcher, a, b);
      if (e.veto !== undefined) return;
      expect(e.contributions.reduce((s, c) => s + c.total, e.prior)).toBeCloseTo(e.score, 9);
      for (const c of e.contributions) expect(c.sentence.zh).not.toBe(c.sentence.en);
    }),
  );
});

const level = (a: string, b: string): string => {
  const own = kindOf('company');
  return own.levels[own.compare(own.parse(a), own.parse(b), { rarity: () => 3 })]?.name ?? 'unknown';
};
test.each([
  ['海尔智家股份有限公司', '海爾智家股份有限公司', 'same'],
  ['青岛海尔智家股份有限公司', '海尔智家有限责任公司', 'form'],
  ['青岛海尔智家股份有限公司', '青岛海儿智家股份有限公司', 'sound'],
  ['重庆三美颖软件有限公司', '重庆三美软件有限公司', 'near'],
  ['西宁市中力科技有限公司', '中力科技', 'form'],
  ['多氟多化工股份有限公司', '多氟多', 'short'],
  ['北京大学', '北大', 'initials'],
  ['海尔集团有限公司', '海尔有限公司', 'group'],
  ['海尔智家股份有限公司', '海尔控股股份有限公司', 'trade'],
  ['青岛海尔科技有限公司', '上海海尔科技有限公司', 'place'],
  ['海尔科技有限公司', '海尔科技有限公司北京分公司', 'branch'],
  ['海尔科技有限公司南京分公司', '海尔科技有限公司北京分公司', 'branch'],
  ['海尔科技有限公司第一分公司', '海尔科技有限公司第二分公司', 'branch'],
  ['海尔智家股份有限公司（原名：青岛海尔股份有限公司）', '青岛海尔股份有限公司', 'form'],
  ['腾讯科技有限公司', '腾飞科技有限公司', 'trade-or-other'],
  ['北京大学第一医院', '北京大学第三医院', 'not-same'],
  ['山东大学', '山西大学', 'not-same'],
  ['东南大学', '西南大学', 'not-same'],
  ['Massachusetts Institute of Technology', 'MIT', 'short'],
  ['The University of Manchester', 'Univ. of Manchester', 'form'],
])('%s / %s: %s', (a, b, expected) => {
  const found = level(a, b);
  if (expected === 'not-same' || expected === 'trade-or-other')
    expect(['same', 'form', 'sound', 'near', 'short', 'initials']).not.toContain(found);
  else expect(found).toBe(expected);
});

test('a changed name with the same credit code is the same company, two valid codes never are', () => {
  const a = { name: '青岛海尔股份有限公司', uscc: '91350100M000100Y43', address: '青岛市崂山区海尔路1号' };
  const renamed = { name: '智家优品股份有限公司', uscc: '91350100M000100Y43', address: '青岛市崂山区海尔路1号' };
  expect(explainPair(matcher, a, renamed).probability).toBeGreaterThan(0.5);
  const other = explainPair(matcher, a, { ...a, uscc: '91110000100000000Q' });
  expect(exactKeys(a, SCHEMA).map((k) => k.key)).toContain('uscc:91350100M000100Y43');
  expect(other.veto === undefined).toBe(!validPair('91350100M000100Y43', '91110000100000000Q'));
});
function validPair(a: string, b: string): boolean {
  const own = kindOf('uscc');
  return own.levels[own.compare(own.parse(a), own.parse(b), { rarity: () => 1 })]?.veto === true;
}

test('similar lists the likely ones, best first', () => {
  const found = similar(matcher, { name: '青岛海尔智家股份有限公司', mobile: '13800138000' }, [
    { name: '上海天铭科技有限公司', mobile: '15912345678' },
    { name: '海尔智家有限公司', mobile: '+86 138 0013 8000' },
    { name: '青岛海爾智家股份有限公司', mobile: '138 0013 8000', phone: '' },
  ]);
  expect(found.map((f) => f.index).sort()).toEqual([1, 2]);
  expect(found[0]?.score).toBeGreaterThanOrEqual(found[1]?.score ?? 0);
});

test('exact keys are the same however a value is typed, and shared ones are left out', () => {
  const keys = (r: Row): string[] => exactKeys(r, SCHEMA).map((k) => k.key);
  expect(keys({ name: ' 海爾智家股份有限公司', mobile: '+86 138 0013 8000', email: 'A@X.com' })).toEqual(
    keys({ name: '海尔智家股份有限公司（老客户）', mobile: '13800138000', email: 'a@x.com' }),
  );
  expect(keys({ name: '海尔', phone: '87654321' })).toEqual([]);
  fc.assert(
    fc.property(record, (r) => {
      expect(keys(r)).toEqual(keys({ ...r }));
    }),
  );
  expect(blockingKeys({ name: '海尔智家股份有限公司' }, SCHEMA).length).toBeGreaterThan(0);
});

describe('clusters', () => {
  const edges = (list: [number, number, number][]) => ({
    a: Int32Array.from(list, (e) => e[0]),
    b: Int32Array.from(list, (e) => e[1]),
    score: Float32Array.from(list, (e) => e[2]),
  });
  test('a chain of weak links is refused', () => {
    // 0–1 and 1–2 are weakly alike, 0–2 contradict.
    const score = (a: number, b: number): number => (Math.abs(a - b) === 1 ? 1 : -8);
    expect([
      ...cluster(
        3,
        edges([
          [0, 1, 1],
          [1, 2, 1],
        ]),
        { threshold: 0, score },
      ),
    ]).toEqual([0, 0, 2]);
  });
  test('strong links hold across a pair that says nothing', () => {
    const score = (a: number, b: number): number => (Math.abs(a - b) === 1 ? 12 : -3);
    expect([
      ...cluster(
        3,
        edges([
          [0, 1, 12],
          [1, 2, 12],
        ]),
        { threshold: 0, score },
      ),
    ]).toEqual([0, 0, 0]);
  });
  test('no cluster holds two codes, whatever the edges', () => {
    const edge = fc
      .tuple(fc.nat(19), fc.nat(19), fc.float({ min: 0, max: 30, noNaN: true }))
      .filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(
        fc.array(edge, { maxLength: 80 }),
        fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 20, maxLength: 20 }),
        (list, codes) => {
          const exclusive = Int32Array.from(codes);
          const of = cluster(20, edges(list), { threshold: 0, score: () => 5, exclusive });
          const held = new Map<number, Set<number>>();
          of.forEach((c, i) => {
            expect(c).toBeLessThanOrEqual(i);
            expect(of[c]).toBe(c);
            const code = codes[i] ?? -1;
            if (code >= 0) held.set(c, (held.get(c) ?? new Set()).add(code));
          });
          for (const set of held.values()) expect(set.size).toBe(1);
        },
      ),
    );
  });
});

/** A small register of people with every third row a spoiled copy. */
function people(count: number): { rows: Row[]; truth: number[] } {
  const random = seeded(7);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const given =
    'james mary john anna robert linda michael susan david karen thomas nancy charles lisa daniel betty'.split(' ');
  const family =
    'smith jones taylor brown williams wilson johnson davies patel wright walker white edwards hughes green hall lewis clarke'.split(
      ' ',
    );
  const rows: Row[] = [];
  const truth: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = {
      id: '',
      given: pick(given),
      surname: pick(family),
      dob: `${1930 + Math.floor(random() * 70)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 9)}`,
      city: pick(['leeds', 'york', 'bath', 'derby']),
      phone: `07${Math.floor(random() * 1e9)
        .toString()
        .padStart(9, '0')}`,
    };
    rows.push(row);
    truth.push(i);
    if (i % 3 === 0) {
      const at = 1 + Math.floor(random() * (row.surname.length - 1));
      rows.push({
        ...row,
        surname: row.surname.slice(0, at) + row.surname.slice(at + 1),
        ...(random() < 0.5 ? { phone: '' } : { city: '' }),
      });
      truth.push(i);
    }
  }
  return { rows: rows.map((r, i) => ({ ...r, id: `r${i}` })), truth };
}

describe('a table, without labels', () => {
  const { rows, truth } = people(200);
  const schema = guessSchema(['id', 'given', 'surname', 'dob', 'city', 'phone'], rows);
  test('the schema is guessed', () => {
    expect(schema).toEqual({
      id: 'id',
      fields: [
        { column: 'given', kind: 'given' },
        { column: 'surname', kind: 'family' },
        { column: 'dob', kind: 'date' },
        { column: 'city', kind: 'place' },
        { column: 'phone', kind: 'phone' },
      ],
    });
  });
  test('duplicates are found, the same every time', () => {
    const { clusters } = dedupe(rows, schema);
    let right = 0;
    let found = 0;
    let all = 0;
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < i; j++) {
        const [together, same] = [clusters[i] === clusters[j], truth[i] === truth[j]];
        if (together) found++;
        if (same) all++;
        if (together && same) right++;
      }
    expect(right / all).toBeGreaterThan(0.95);
    expect(right / found).toBeGreaterThan(0.95);
    expect(dedupe(rows, schema).clusters).toEqual(clusters);
  });
  test('blocking finds what comparing everything finds, with a fraction of the pairs', () => {
    const table = tableOf(rows, schema);
    const candidates = block(table);
    let pairs = 0;
    const met = new Set<string>();
    for (let i = 0; i < rows.length; i++)
      candidates.partners(i, (j) => {
        pairs++;
        met.add(`${truth[i]}=${truth[j]}`);
      });
    expect(pairs).toBeLessThan((rows.length * (rows.length - 1)) / 4);
    for (let i = 0; i < 200; i += 3) expect(met.has(`${i}=${i}`)).toBe(true);
  });
  test('decisions move the score of such pairs to what was decided, and only those weights', () => {
    const weights = learnWeights(tableOf(rows, schema));
    const before = matcherOf(schema, weights);
    const a = { given: 'james', surname: 'smith', dob: '1950-01-11', city: 'leeds' };
    const b = { given: 'james', surname: 'smith', dob: '1950-01-11', city: 'york' };
    const p = explainPair(before, a, b).probability;
    const no = applyDecisions(
      before,
      Array.from({ length: 20 }, () => ({ a, b, same: false })),
    );
    const yes = applyDecisions(
      before,
      Array.from({ length: 20 }, () => ({ a, b, same: true })),
    );
    expect(explainPair(matcherOf(schema, no), a, b).probability).toBeLessThan(p);
    expect(explainPair(matcherOf(schema, yes), a, b).probability).toBeGreaterThanOrEqual(p);
    expect(weights.fields.city?.adjust).toBeUndefined();
    expect(applyDecisions(before, []).fields.city?.m).toEqual(weights.fields.city?.m);
  });
  test('weights survive JSON', () => {
    const weights = learnWeights(tableOf(rows, schema));
    expect(JSON.parse(JSON.stringify(weights))).toEqual(weights);
  });
});

test('empty and tiny tables', () => {
  expect([...dedupe([], SCHEMA).clusters]).toEqual([]);
  expect([...dedupe([{ name: '海尔智家股份有限公司' }], SCHEMA).clusters]).toEqual([0]);
  expect([...dedupe([{}, {}], { fields: [] }).clusters]).toEqual([0, 1]);
});
