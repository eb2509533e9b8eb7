import { expect, test } from 'vitest';
import { gather } from './gather.ts';

/** Batches as they came, each under way until it is let go. */
function recorded(options: Partial<Parameters<typeof gather<string, string>>[1]> = {}) {
  const batches: string[][] = [];
  const holds: (() => void)[] = [];
  const ask = gather<string, string>(
    async (inputs) => {
      batches.push(inputs);
      await new Promise<void>((resolve) => holds.push(resolve));
      if (inputs.includes('bad')) throw new Error(`bad among ${inputs.length}`);
      return inputs.map((input) => input.toUpperCase());
    },
    { most: 10, abreast: 1, patience: 60_000, ...options },
  );
  const letGo = async () => {
    for (const hold of holds.splice(0)) hold();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, batches, letGo };
}

test('who comes alone waits for nobody; who comes meanwhile goes together', async () => {
  const { ask, batches, letGo } = recorded();
  const answers = Promise.all(['a', 'b', 'c'].map((input) => ask('key', input)));
  expect(batches).toEqual([['a']]);
  await letGo();
  expect(batches).toEqual([['a'], ['b', 'c']]);
  await letGo();
  expect(await answers).toEqual(['A', 'B', 'C']);
  void ask('key', 'd');
  expect(batches).toHaveLength(3);
});

test('other keys do not wait', () => {
  const { ask, batches } = recorded();
  void ask('one', 'a');
  void ask('other', 'b');
  expect(batches).toEqual([['a'], ['b']]);
});

test('one bad input is not the others’ misfortune', async () => {
  const { ask, batches, letGo } = recorded();
  const settled = Promise.allSettled(['a', 'b', 'bad', 'c'].map((input) => ask('key', input)));
  for (let i = 0; i < 4; i++) await letGo();
  const outcomes = await settled;
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect((outcomes[2] as PromiseRejectedResult).reason.message).toBe('bad among 1');
  expect(batches).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
});

test('what must be apart, and what is too much for one batch, goes into a later one in the order it came', async () => {
  const { ask, batches, letGo } = recorded({ most: 3, apart: (input) => input.slice(0, 1) });
  const answers = Promise.all(['a1', 'b1', 'b2', 'c1', 'd1', 'e1'].map((input) => ask('key', input)));
  for (let i = 0; i < 4; i++) await letGo();
  expect(batches).toEqual([['a1'], ['b1', 'c1', 'd1'], ['b2', 'e1']]);
  expect(await answers).toEqual(['A1', 'B1', 'B2', 'C1', 'D1', 'E1']);
});

test('a batch that takes long is not waited for longer than patience', async () => {
  const { ask, batches, letGo } = recorded({ patience: 5 });
  const answers = Promise.all(['a', 'b'].map((input) => ask('key', input)));
  while (batches.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(batches).toEqual([['a'], ['b']]);
  await letGo();
  expect(await answers).toEqual(['A', 'B']);
});

test('several batches abreast, but never with the same record', async () => {
  const { ask, batches, letGo } = recorded({ abreast: 2, apart: (input) => input.slice(0, 1) });
  const answers = Promise.all(['a1', 'a2', 'b1', 'b2', 'c1'].map((input) => ask('key', input)));
  expect(batches).toEqual([['a1'], ['b1']]);
  await letGo();
  await letGo();
  expect(batches.slice(2).flat().sort()).toEqual(['a2', 'b2', 'c1']);
  await letGo();
  expect(await answers).toEqual(['A1', 'A2', 'B1', 'B2', 'C1']);
});

test('what is apart from a batch that takes long waits for it, the others do not', async () => {
  const { ask, batches, letGo } = recorded({ patience: 5, apart: (input) => input.slice(0, 1) });
  const answers = Promise.all(['a1', 'a2', 'b1'].map((input) => ask('key', input)));
  while (batches.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(batches).toEqual([['a1'], ['b1']]);
  await letGo();
  expect(batches).toEqual([['a1'], ['b1'], ['a2']]);
  await letGo();
  expect(await answers).toEqual(['A1', 'A2', 'B1']);
});
