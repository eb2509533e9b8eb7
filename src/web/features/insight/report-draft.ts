import { type Asked, type Definition, type Dimension, dimensionOn, findAsked, type Measure } from './report-model.ts';

/** A report to begin with. */
export const newDefinition = (object: string): Definition => ({
  object,
  by: [],
  measures: [{ fn: 'count' }],
  chart: 'bar',
  pinned: true,
});

/** A report of another object begins anew: nothing of the old one means anything there. */
export const ofObject = (definition: Definition, object: string): Definition => ({
  ...newDefinition(object),
  chart: definition.chart,
  ...(definition.pinned && { pinned: true }),
});

export const groupsOf = (all: readonly Asked[]): Asked[] => all.filter(({ is }) => is !== 'number');
export const numbersOf = (all: readonly Asked[]): Asked[] => all.filter(({ is }) => is === 'number');

/** The dimension changed to another field, with the unit it needs. */
export function dimensionFor(all: readonly Asked[], path: string): Dimension | null {
  const asked = findAsked(all, path, ['time', 'group']);
  return asked ? dimensionOn(asked) : null;
}

/** A way of counting changed: all but counts need a number to be of. */
export function measureFor(all: readonly Asked[], fn: Measure['fn'], field: string | undefined): Measure {
  if (fn === 'count') return { fn };
  const numbers = numbersOf(all);
  const of = numbers.find(({ path }) => path === field) ?? numbers[0];
  return of ? { fn, field: of.path } : { fn: 'count' };
}
