import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDef, FieldValue } from '../schema/types.ts';
import { ALL, type Member, part, same, survivorship, type Values } from './index.ts';

/** 10,000 with MERGE_HISTORIES=10000; some hundreds in every run. */
const RUNS = Number(process.env.MERGE_HISTORIES ?? 500);

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object: 'customer',
  name,
  label: { zh: name, en: name },
  type: 'text',
  position: 1,
  ...more,
});
const FIELDS = [
  field('newest', { survive: 'newest' }),
  field('trusted', { survive: 'trusted' }),
  field('verified', { survive: 'verified' }),
  field('complete', { survive: 'complete' }),
  field('plain'),
  field('tags', { type: 'tags' }),
  field('files', { type: 'file' }),
];
const TEXTS = ['甲', '乙乙', '丙丙丙', 'x'];
const value = fc.option(fc.constantFrom(...TEXTS), { nil: null });
const tags = fc.subarray(['t1', 't2', 't3', 't4']).map((list): FieldValue => (list.length > 0 ? list : null));
const files = fc
  .subarray(['f1', 'f2', 'f3'])
  .map((list): FieldValue => (list.length > 0 ? { files: list.map((id) => ({ id, name: id })) } : null));
const arbitraryOf = (def: FieldDef) => (def.type === 'tags' ? tags : def.type === 'file' ? files : value);
const values = fc.record(Object.fromEntries(FIELDS.map((def) => [def.name, arbitraryOf(def)])));
const clock = fc.record({
  changedAt: fc.nat(9),
  verifiedAt: fc.option(fc.nat(9), { nil: null }),
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
});
const member = (id: string) =>
  fc.record({
    id: fc.constant(id),
    createdAt: fc.constant('2026-01-01T00:00:00Z'),
    values,
    clocks: fc.record(Object.fromEntries(FIELDS.map((def) => [def.name, clock]))),
    references: fc.constant(0),
  });
const members = fc.integer({ min: 2, max: 4 }).chain((n) => fc.tuple(...['a', 'b', 'c', 'd'].slice(0, n).map(member)));

/** An edit of the merged record; whom it is about is known to the model only. */
interface Edit {
  field: FieldDef;
  value: FieldValue;
  /** Picks among those it may be about. */
  about: number;
}
const edit = fc.constantFrom(...FIELDS).chain(
  (def): fc.Arbitrary<Edit> =>
    fc.record({
      field: fc.constant(def),
      value:
        def.type === 'text' ? fc.option(fc.constantFrom('新', '甲', '丁丁', '乙乙'), { nil: null }) : arbitraryOf(def),
      about: fc.nat(11),
    }),
);

const keysOf = (list: FieldValue | undefined): string[] =>
  Array.isArray(list)
    ? list
    : list === null || typeof list !== 'object'
      ? []
      : (list.files as { id: string }[]).map((f) => f.id);
const listOf = (def: FieldDef, keys: string[]): FieldValue =>
  keys.length === 0 ? null : def.type === 'tags' ? keys : { files: keys.map((id) => ({ id, name: id })) };

/**
 * The in-memory model: the records as they would have been, had they never been merged and each edit been made where it belongs. It edits the
 * records apart, while the merged one is edited as people do; so it knows nothing of how parting is done.
 */
function live(all: Member[], merged: Values, edits: Edit[]) {
  const apart = new Map(all.map((one) => [one.id, { ...one.values }]));
  const current = { ...merged };
  const subjects = new Map<string, string[]>();
  for (const { field: def, value: wanted, about } of edits) {
    const { name } = def;
    if (def.type === 'text') {
      // Who is spoken of is settled with the first edit of a field: a field has one history.
      const holders = all.filter((one) => same(one.values[name], merged[name])).map((one) => one.id);
      const who = subjects.get(name) ?? choose(holders, about);
      subjects.set(name, who);
      current[name] = wanted;
      for (const id of who) Object.assign(apart.get(id) ?? {}, { [name]: wanted });
    } else {
      const [before, after] = [keysOf(current[name]), keysOf(wanted)];
      const who =
        subjects.get(name) ??
        choose(
          all.map((one) => one.id),
          about,
        );
      subjects.set(name, who);
      for (const [id, own] of apart) {
        const kept = keysOf(own[name]).filter((key) => !before.includes(key) || after.includes(key));
        const added = who.includes(id) ? after.filter((key) => !before.includes(key)) : [];
        own[name] = listOf(def, [...new Set([...kept, ...added])]);
      }
      current[name] = wanted;
    }
  }
  return { apart, current, subjects };
}

function choose(ids: string[], about: number): string[] {
  const all = about % (ids.length + 1) === ids.length;
  return all ? ids : [ids[about % (ids.length + 1)] ?? ''];
}

describe('un-merge', () => {
  it('gives every record what it would have had', () => {
    let asked = 0;
    fc.assert(
      fc.property(members, fc.array(edit, { maxLength: 12 }), (all, edits) => {
        const merged = Object.fromEntries(survivorship(FIELDS, all, 'a').map((one) => [one.field, one.value]));
        // An entry taken away and brought back is another one than that which the records had: who had it can't be known, nor matter.
        const steady = edits.filter(
          ({ field: def }, index) => def.type === 'text' || edits.findIndex((other) => other.field === def) === index,
        );
        const { apart, current, subjects } = live(all, merged, steady);
        const input = {
          fields: FIELDS,
          members: all.map(({ id, values: before }) => ({ id, before })),
          merged,
          current,
        };
        const { questions } = part(input);
        asked += questions.length;
        const answers = Object.fromEntries(
          questions.map(({ field: name, candidates }) => {
            const who = subjects.get(name) ?? [];
            return [name, who.length === candidates.length ? ALL : (who[0] ?? '')];
          }),
        );
        const parted = part({ ...input, answers });
        for (const [id, expected] of apart)
          for (const def of FIELDS) {
            const told = `${def.name} of ${id}`;
            // What was put back as it was after the merge is as if never edited.
            if (same(current[def.name], merged[def.name]))
              expect([told, stable(parted.values[id]?.[def.name])]).toEqual([
                told,
                stable(all.find((one) => one.id === id)?.values[def.name]),
              ]);
            else expect([told, stable(parted.values[id]?.[def.name])]).toEqual([told, stable(expected[def.name])]);
          }
      }),
      { numRuns: RUNS },
    );
    expect(asked).toBeGreaterThan(0);
  });

  it('asks nothing and changes nothing when nobody edited', () => {
    fc.assert(
      fc.property(members, (all) => {
        const merged = Object.fromEntries(survivorship(FIELDS, all, 'a').map((one) => [one.field, one.value]));
        const parted = part({
          fields: FIELDS,
          members: all.map(({ id, values: before }) => ({ id, before })),
          merged,
          current: merged,
        });
        expect(parted.questions).toEqual([]);
        for (const one of all) expect(parted.values[one.id]).toEqual(one.values);
      }),
      { numRuns: RUNS },
    );
  });

  it('asks only where several could be meant', () => {
    const two = (a: FieldValue, b: FieldValue) => [
      { id: 'a', before: { plain: a } },
      { id: 'b', before: { plain: b } },
    ];
    const run = (a: FieldValue, b: FieldValue, merged: FieldValue, current: FieldValue) => {
      const { questions, values: out } = part({
        fields: FIELDS,
        members: two(a, b),
        merged: { plain: merged },
        current: { plain: current },
      });
      return [questions.length, out.a?.plain, out.b?.plain];
    };
    expect(run('1', '2', '2', '3')).toEqual([0, '1', '3']);
    expect(run('1', '1', '1', '3')).toEqual([1, '3', '1']);
    expect(run(null, null, null, '3')).toEqual([1, '3', null]);
    expect(run('1', '2', '2', '1')).toEqual([1, '1', '1']);
    expect(run(null, '2', '2', null)).toEqual([0, null, null]);
  });

  it('leaves what a later merge brought with the winner', () => {
    const members = [
      { id: 'a', before: { plain: null } },
      { id: 'b', before: { plain: '2' } },
    ];
    const parted = part({
      fields: FIELDS,
      members,
      merged: { plain: '2' },
      current: { plain: '9' },
      settled: new Set(['plain']),
    });
    expect(parted).toMatchObject({ values: { a: { plain: '9' }, b: { plain: '2' } }, questions: [] });
  });
});

function stable(found: FieldValue | undefined): string {
  return JSON.stringify(keysOf(found).length > 0 ? [...keysOf(found)].sort() : (found ?? null));
}
