import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDay } from '../fields/calendar.ts';
import { matcher, matches } from '../filter/matches.ts';
import type { Filter } from '../filter/types.ts';
import type { Catalog, ObjectDef } from '../schema/types.ts';
import {
  dateOccasions,
  everyOccasions,
  fillTemplate,
  firesTooOften,
  hindranceOf,
  indexRules,
  LONGEST_CHAIN,
  MOST_A_MINUTE,
  placesIn,
  prepareRule,
  type Rule,
  ruleProblems,
  weekdayOf,
} from './index.ts';

const crm = JSON.parse(readFileSync(new URL('../../../templates/crm.json', import.meta.url), 'utf8')) as {
  objects: ObjectDef[];
};
const catalog: Catalog = {
  version: 1,
  objects: crm.objects.map((object, i) => ({
    ...object,
    id: i + 1,
    position: i,
    fields: object.fields.map((field, k) => ({ ...field, id: i * 100 + k, object: object.name, position: k })),
  })),
};
const customer = catalog.objects.find(({ name }) => name === 'customer') as ObjectDef;
const env = { now: new Date('2026-11-22T04:00:00Z'), timeZone: 'Asia/Shanghai', trees: {}, catalog, object: customer };
const judge = (filter: Filter) => matcher(filter, env);

const rule = (when: Rule['when'], condition?: Filter): Rule => ({
  id: '01970000-0000-7000-8000-000000000001',
  name: 'r',
  when,
  ...(condition && { if: condition }),
  steps: [{ do: 'notify', to: { who: 'owner' }, text: '{name}' }],
  author: 'a',
});
const changed = (fields: string[], more: object = {}) =>
  rule({ on: 'changed', object: 'customer', fields, ...more } as Rule['when'], {
    field: 'level',
    op: 'eq',
    value: 'a',
  });
const happening = { object: 'customer', what: 'changed' as const, fields: ['level'], imported: false, answered: false };

describe('what a change wakes', () => {
  it('is the rules about the object and any of its fields, whatever else there is', () => {
    const field = fc.constantFrom('level', 'name', 'mobile', 'owner', 'remark');
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(field, { maxLength: 3 }), { maxLength: 20 }),
        fc.uniqueArray(field),
        (lists, written) => {
          const rules = lists.map((fields, n) => ({ ...changed(fields), id: String(n) }));
          const woken = indexRules(rules)
            .wakes({ ...happening, fields: written })
            .map(({ id }) => Number(id));
          const expected = lists.flatMap((fields, n) =>
            fields.length === 0 || fields.some((one) => written.includes(one)) ? [n] : [],
          );
          expect(woken.sort((a, b) => a - b)).toEqual(expected);
        },
      ),
    );
  });

  it('leaves imports alone unless the rule says so', () => {
    const plain = indexRules([rule({ on: 'created', object: 'customer' })]);
    const wanting = indexRules([rule({ on: 'created', object: 'customer', imports: true })]);
    const imported = { ...happening, what: 'created' as const, imported: true };
    expect([plain.watches('customer', true), plain.wakes(imported)]).toEqual([false, []]);
    expect([wanting.watches('customer', true), wanting.wakes(imported).length]).toEqual([true, 1]);
  });

  it('fires by what was and what became', () => {
    const becomes = prepareRule(changed(['level'], { becomes: true }), judge);
    expect(becomes.holds({ level: 'b' }, { level: 'a' })).toBe(true);
    expect(becomes.holds({ level: 'a' }, { level: 'a' })).toBe(false);
    expect(becomes.holds({ level: 'a' }, { level: 'b' })).toBe(false);
    const from = prepareRule(changed(['level'], { before: { field: 'level', op: 'eq', value: 'c' } }), judge);
    expect([from.holds({ level: 'c' }, { level: 'a' }), from.holds({ level: 'b' }, { level: 'a' })]).toEqual([
      true,
      false,
    ]);
    expect(from.holds(null, { level: 'a' })).toBe(false);
  });

  it('leaves what only the database knows to it', () => {
    const path = rule({ on: 'created', object: 'contact' }, { field: 'customer.level', op: 'eq', value: 'a' });
    expect(prepareRule(path, judge).now).toEqual(path.if);
    expect(prepareRule(changed([]), judge).now).toBeNull();
  });

  it('judges as the filter language does', () => {
    const level = fc.constantFrom('a', 'b', 'c', null);
    const leaf: fc.Arbitrary<Filter> = fc.oneof(
      fc.record({ field: fc.constant('level'), op: fc.constantFrom('eq', 'ne'), value: fc.constantFrom('a', 'b') }),
      fc.record({
        field: fc.constant('name'),
        op: fc.constantFrom('contains', 'startsWith'),
        value: fc.constantFrom('华', '信'),
      }),
      fc.constant<Filter>({ field: 'level', op: 'empty' }),
    ) as fc.Arbitrary<Filter>;
    const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
        fc.record({ not: tie('tree') }),
      ),
    }));
    fc.assert(
      fc.property(tree, level, fc.constantFrom('华信', '信达', ''), (filter, of, name) => {
        const values = { level: of, name };
        expect(matcher(filter, env)(values)).toBe(matches(filter, values, env));
      }),
    );
  });
});

describe('the guard', () => {
  it('never lets a rule follow from itself, and ends every chain', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 12 }), fc.uuid(), (chain, id) => {
        const hindrance = hindranceOf(id, chain);
        expect(hindrance === null).toBe(!chain.includes(id) && chain.length < LONGEST_CHAIN);
      }),
    );
    expect([firesTooOften(MOST_A_MINUTE - 1), firesTooOften(MOST_A_MINUTE)]).toEqual([false, true]);
  });
});

describe('occasions of the clock', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland');
  const start = Date.UTC(2025, 0, 1);

  it('are each found once, however the time is cut into looks', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 40 * 24 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 300 }),
        cuts,
        (zone, hour, day, hours) => {
          const when = { on: 'every', object: 'task', every: 'day', hour } as const;
          const from = new Date(start + day * 86_400_000);
          const found: string[] = [];
          let at = from;
          for (const step of hours) {
            const next = new Date(at.getTime() + step * 3_600_000);
            found.push(...everyOccasions(when, at, next, zone));
            at = next;
          }
          const days = Math.round((at.getTime() - from.getTime()) / 86_400_000);
          expect(new Set(found).size).toBe(found.length);
          expect(Math.abs(found.length - days)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('never return when the clock is put back', () => {
    const when = { on: 'date', object: 'contract', field: 'ends_on', days: -30, hour: 8 } as const;
    const now = new Date('2026-11-22T04:00:00Z');
    expect(dateOccasions(when, now, new Date(now.getTime() - 3_600_000), 'Asia/Shanghai')).toEqual([]);
  });

  it('name the day that the field must have', () => {
    const when = { on: 'date', object: 'contract', field: 'ends_on', days: -30, hour: 8 } as const;
    const [only, ...more] = dateOccasions(
      when,
      new Date('2026-11-21T04:00:00Z'),
      new Date('2026-11-22T04:00:00Z'),
      'Asia/Shanghai',
    );
    expect(more).toEqual([]);
    expect(only).toEqual({ day: '2026-11-22', dates: [addDays('2026-11-22', 30)] });
  });

  it('give leap-day birthdays a day in every year', () => {
    const when = { on: 'date', object: 'contact', field: 'birthday', days: 0, hour: 9, yearly: true } as const;
    const year = (y: number) =>
      dateOccasions(when, new Date(Date.UTC(y, 1, 27)), new Date(Date.UTC(y, 2, 2)), 'Asia/Shanghai').flatMap(
        ({ dates }) => dates,
      );
    for (const y of [2024, 2025, 2026, 2028]) expect(year(y).filter((one) => one === '02-29')).toHaveLength(1);
  });

  it('count weekdays as ISO 8601 does', () => {
    expect([
      weekdayOf('2026-11-22'),
      weekdayOf('2026-11-23'),
      localDay(new Date('2026-11-22T17:00:00Z'), 'Asia/Shanghai'),
    ]).toEqual([7, 1, '2026-11-23']);
  });
});

describe('texts', () => {
  it('are filled once: a value is never a place', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const filled = fillTemplate('A{name}B', (name) => (name === 'name' ? value : undefined));
        expect(filled).toBe(`A${value === '' ? '—' : value}B`);
      }),
    );
    expect(fillTemplate('{name} {unknown} {$now} $x', (name) => (name === 'name' ? '{owner}' : undefined))).toBe(
      '{owner} {unknown} {$now} $x',
    );
    expect(placesIn('{name} {customer.level} {before.level} {name}')).toEqual([
      'name',
      'customer.level',
      'before.level',
    ]);
  });
});

describe('a rule that can’t run', () => {
  it('says what is missing', () => {
    expect(ruleProblems(changed(['level']), catalog)).toEqual([]);
    expect(ruleProblems(changed(['nothing']), catalog)[0]?.zh).toContain('nothing');
    const toOther = {
      ...changed(['level']),
      steps: [{ do: 'notify', to: { who: 'owner' }, text: '{secret}' }],
    } as Rule;
    expect(ruleProblems(toOther, catalog)[0]?.en).toContain('secret');
  });
});
