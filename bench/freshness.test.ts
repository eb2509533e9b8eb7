import { describe, expect, it } from 'vitest';
import { handbook, knowing, learned, replay, roundRobin } from './freshness-replay.ts';
import { makeWorld, WORLDS } from './freshness-worlds.ts';

const entities = 120;

describe('learning planner in made worlds', () => {
  it.each(['frailty', 'shocks', 'waves', 'season', 'mixed'])(
    'is above round robin and near or above the group oracle: %s',
    (name) => {
      const world = makeWorld(name, { ...WORLDS[name], seed: 7, entities, years: 5 });
      const plan = replay(world, learned, 0.02);
      const oracle = replay(
        world,
        knowing((i) => world.cells[i]?.rate ?? 0),
        0.02,
      );
      expect(plan.freshness).toBeGreaterThan(replay(world, roundRobin, 0.02).freshness);
      expect(plan.freshness).toBeGreaterThan(oracle.freshness - 0.008);
      expect(plan.verified).toBeLessThanOrEqual(oracle.verified);
      expect(plan.ratio ?? 0).toBeGreaterThan(0.6);
      expect(plan.ratio ?? 9).toBeLessThan(1.7);
    },
  );

  it('is above round robin where values change more often than they can be checked, and next to it where all change alike', () => {
    const gain = (name: string, seed: number, share: number): number => {
      const world = makeWorld(name, { ...WORLDS[name], seed, entities: 150 });
      return replay(world, learned, share).freshness - replay(world, roundRobin, share).freshness;
    };
    for (const share of [0.005, 0.02]) {
      expect((gain('fast', 1, share) + gain('fast', 2, share)) / 2).toBeGreaterThan(0);
    }
    expect(gain('even', 2, 0.02)).toBeGreaterThan(-0.006);
  });

  it('loses little to the oracle when there is nothing more to learn than group rates', () => {
    const world = makeWorld('poisson', { ...WORLDS.poisson, seed: 3, entities, years: 5 });
    const oracle = replay(
      world,
      knowing((i) => world.cells[i]?.rate ?? 0),
      0.02,
    );
    expect(replay(world, learned, 0.02).freshness).toBeGreaterThan(oracle.freshness - 0.008);
    expect(replay(world, handbook, 0.02).freshness).toBeLessThan(oracle.freshness);
  });

  it('is not worse than round robin where nothing changes, and says that hardly anything is stale', () => {
    const world = makeWorld('still', { ...WORLDS.still, seed: 5, entities, years: 3 });
    const plan = replay(world, learned, 0.02);
    expect(plan.freshness).toBe(1);
  });

  it('replays exactly from its seed', () => {
    const world = () => makeWorld('mixed', { ...WORLDS.mixed, seed: 9, entities: 40, years: 3 });
    expect(replay(world(), learned, 0.03)).toEqual(replay(world(), learned, 0.03));
  });
});
