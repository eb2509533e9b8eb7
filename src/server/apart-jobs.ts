import type { Engine } from './engine.ts';
import { learnAmountsJob } from './modules/anomalies/index.ts';
import { followRulesJob, PERFORM } from './modules/automation/index.ts';
import { followDuplicatesJob, SCAN } from './modules/duplicates/index.ts';
import { encryptionJob } from './modules/encryption/index.ts';
import { keepFiguresJob } from './modules/evaluation/index.ts';
import { takeSubmissionsJob } from './modules/forms/index.ts';
import { learnJob, replanJob } from './modules/freshness/index.ts';
import { massJob } from './modules/mass/index.ts';
import { notify } from './modules/reminders/index.ts';
import { scanJob } from './modules/scans/index.ts';
import { APPLY_TAGS, followTextsJob, tagRunsJob } from './modules/tagging/index.ts';
import { computeValueJob } from './modules/value/index.ts';
import { DEFAULT_TIME_ZONE, listWorkspaces } from './modules/workspace/index.ts';
import type { Log } from './platform/log.ts';
import type { Db, Tx } from './platform/postgres/db.ts';
import type { Sender } from './platform/queue/queue.ts';

/** Within this time every process knows of a change of metadata: it looks every second (records/catalog/store.ts). */
const SETTLE_MS = 3_000;

/**
 * Jobs of much reading and arithmetic, which the job thread runs; the server composes them too, to ask for them and for when there is no thread.
 * @param background connections for work that nobody waits for
 * @param sender called when a job runs, not before
 */
export function apartJobs(engine: Engine, background: Db, log: Log, sender: () => Sender) {
  const { catalog: catalogs, plans } = engine;
  const workspaceIds = async () => (await listWorkspaces(background)).map(({ id }) => id);
  const clock = { now: () => new Date(), workspaces: workspaceIds };
  const deps = { ...engine, db: background, catalogs, plans, ...clock };
  const replan = replanJob(deps);
  const replanSoon = async (tx: Tx, workspace: string): Promise<void> =>
    void (await sender().enqueue(tx, replan, { workspace }, { key: workspace }));
  return {
    replan,
    learn: learnJob({ ...deps, replanSoon }),
    mass: massJob({ ...deps, mass: engine.mass(background), catalog: engine.catalog, replanSoon, log }),
    scans: scanJob({ ...deps, env: engine.env }),
    keepFigures: keepFiguresJob({
      ...deps,
      workspaces: async () =>
        (await listWorkspaces(background)).map(({ id, settings }) => ({
          id,
          timeZone: settings.timeZone ?? DEFAULT_TIME_ZONE,
        })),
    }),
    followDuplicates: followDuplicatesJob({
      ...deps,
      scanSoon: async (tx: Tx, workspace, object) =>
        void (await sender().enqueue(tx, SCAN, { workspace, object }, { key: `${workspace} ${object}` })),
    }),
    takeSubmissions: takeSubmissionsJob({
      ...deps,
      catalog: engine.catalog,
      log,
      notify: async (tx, workspace, notice) => void (await notify(tx, workspace, notice, new Date())),
    }),
    learnAmounts: learnAmountsJob(deps),
    encryption: encryptionJob({ ...deps, catalog: engine.catalog, settle: SETTLE_MS }),
    followTexts: followTextsJob({
      ...deps,
      catalog: engine.catalog,
      log,
      actSoon: async (tx: Tx) => void (await sender().enqueue(tx, APPLY_TAGS, {}, { key: 'woken' })),
    }),
    tagRuns: tagRunsJob({ ...deps, catalog: engine.catalog, log }),
    computeValue: computeValueJob({ ...deps, catalog: engine.catalog, log }),
    followRules: followRulesJob({
      ...deps,
      catalog: engine.catalog,
      performSoon: async (tx: Tx) => void (await sender().enqueue(tx, PERFORM, {}, { key: 'woken' })),
    }),
  };
}
