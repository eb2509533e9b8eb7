import type { Engine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { poolJob, poolRoutes } from './modules/pool/index.ts';
import { fillRollupsJob, followRollupsJob, type RollupDeps, rollupRoutes } from './modules/rollups/index.ts';
import { readService, serviceJob, serviceRoutes } from './modules/service/index.ts';
import { calmly } from './platform/calmly.ts';
import type { App } from './platform/http/server.ts';
import type { Hub } from './platform/live/hub.ts';
import type { Log } from './platform/log.ts';
import type { Db, Tx } from './platform/postgres/db.ts';
import type { Queue } from './platform/queue/queue.ts';
import { sourcesOf } from './records/rollups/recompute.ts';
import type { Committed } from './records/write/types.ts';

interface ServicingOptions {
  engine: Engine;
  /** Connections for work that nobody waits for. */
  background: Db;
  hub: Hub;
  log: Log;
  workspace: string;
  workspaces: () => Promise<string[]>;
  queue: () => Queue;
}

/** Milliseconds from a commit until what depends on it is looked at: many commits, one look. */
const SOON = 300;
/** Milliseconds; within a minute changes of other processes are found anyway. */
const KNOWN_MS = 10_000;
/** More records than this, and pages are told the object only. */
const MOST_TOLD = 200;
/** Figures follow from change sets and have none of their own. */
const NO_SET = '00000000-0000-0000-0000-000000000000';

/** What follows from records with the clock and from each other, put together: roll-ups, service times, the pool. */
export function openServicing(options: ServicingOptions) {
  const { engine, background, hub, log, workspace, workspaces, queue } = options;
  const deps: RollupDeps & { workspaces: typeof workspaces } = {
    db: background,
    catalog: engine.catalog,
    env: engine.env,
    now: () => new Date(),
    workspaces,
    tell: (of, moved) => {
      for (const [object, { ids, fields }] of moved)
        hub.publish(of, {
          type: 'changed',
          changeSet: NO_SET,
          object,
          ids: ids.size > MOST_TOLD ? null : [...ids],
          fields: [...fields],
          actor: 'system',
        });
    },
    fillSoon: async (tx: Tx) => void (await queue().enqueue(tx, fill, {}, { key: 'woken' })),
  };
  const clocks = {
    ...engine,
    workspaces,
    now: () => new Date(),
    systemAccess: async (of: string) => accessFor('admin', await engine.catalog.get(of)),
  };
  const tend = serviceJob(clocks);
  const tendSoon = async (): Promise<void> => void (await queue().enqueue(engine.db, tend, {}, { key: 'woken' }));
  const tendCalmly = calmly(() => {
    tendSoon().catch((error: unknown) => log.warn({ err: error }, 'service times wait'));
  }, SOON);
  /** Objects with clocks, as they were a moment ago: every commit asks. */
  let known: { at: number; objects: string[] } | null = null;
  const timed = async (): Promise<string[]> => {
    if (known && performance.now() - known.at < KNOWN_MS) return known.objects;
    const { clocks: all } = await readService(engine.db, workspace);
    known = { at: performance.now(), objects: [...new Set(all.map(({ object }) => object))] };
    return known.objects;
  };
  const follow = followRollupsJob(deps);
  const fill = fillRollupsJob(deps);
  const followSoon = calmly(() => {
    queue()
      .enqueue(engine.db, follow, {}, { key: 'woken' })
      .catch((error: unknown) => log.warn({ err: error }, 'roll-ups wait'));
  }, SOON);
  return {
    jobs: [follow, fill, tend, poolJob(clocks)],
    fillSoon: async (): Promise<void> => void (await queue().enqueue(engine.db, fill, {}, { key: 'woken' })),
    /** Something was written in another thread, which nobody here has heard of. */
    woken(): void {
      followSoon();
      tendCalmly();
    },
    /** After a commit. Lost with a crash, it is made up for within a minute. */
    committed({ summary, kind }: Committed): void {
      const touched = Object.keys(summary.counts);
      const wake = async () => {
        const sources = sourcesOf(await engine.catalog.get(workspace));
        if (touched.some((object) => sources.has(object))) followSoon();
        if (kind !== 'service' && (await timed()).some((object) => touched.includes(object))) tendCalmly();
      };
      wake().catch(() => undefined);
    },
    routes(app: App, ctxOf: MakeCtx): void {
      rollupRoutes(app, { ...engine, ctxOf });
      poolRoutes(app, { ...clocks, ctxOf });
      serviceRoutes(app, { ...clocks, ctxOf, tendSoon });
    },
  };
}
