import { join } from 'node:path';
import type { Logger } from 'pino';
import { apartJobs } from './apart-jobs.ts';
import { openApproving } from './approving.ts';
import { openAuditing } from './auditing.ts';
import { openAutomating } from './automating.ts';
import { backupJob } from './backing-up.ts';
import { openCampaigning } from './campaigning.ts';
import { openDeduplicating } from './deduplicating.ts';
import { createEngine, type Engine } from './engine.ts';
import { openForming } from './forming.ts';
import { openFreshening } from './freshening.ts';
import { openImports } from './importing.ts';
import { liveRoute } from './live-route.ts';
import { openMassing } from './massing.ts';
import { accessFor, accessRoutes } from './modules/access/index.ts';
import { appsModuleRoutes, findByToken, tidyAppsJob, withinScopes } from './modules/apps/index.ts';
import { askingPages, askingRoutes, createLinks, remindUnansweredJob } from './modules/asking/index.ts';
import { catalogRoutes } from './modules/catalog/index.ts';
import type { MakeCtx } from './modules/edge.ts';
import { encryptionRoutes } from './modules/encryption/index.ts';
import { mayBeEvidence, reactJob, readReactions } from './modules/evidence/index.ts';
import { greetingsJob, greetingsRoutes, stopPages } from './modules/greetings/index.ts';
import { createIdentity, type Identity, identityRoutes } from './modules/identity/index.ts';
import { importRoutes } from './modules/imports/index.ts';
import { insightRoutes } from './modules/insight/index.ts';
import { massRoutes, waitingRuns as waitingMassRuns } from './modules/mass/index.ts';
import { recordsRoutes, refreshSearchJob, tendIndexesJob, writeRoutes } from './modules/records/index.ts';
import {
  channelsRoutes,
  isQuietNow,
  mayDisturbNow,
  notify,
  putEvent,
  reminderJobs,
  remindersRoutes,
} from './modules/reminders/index.ts';
import { salesRoutes } from './modules/sales/index.ts';
import { scansRoutes } from './modules/scans/index.ts';
import { makeWorkspace, WORKSPACE } from './modules/setup/index.ts';
import { tradeRoutes } from './modules/trades/index.ts';
import { viewRoutes } from './modules/views/index.ts';
import { DEFAULT_TIME_ZONE, installTemplate, listWorkspaces, migrateWorkspaces } from './modules/workspace/index.ts';
import { openOutgoing, postLetters } from './outgoing.ts';
import { calmly } from './platform/calmly.ts';
import type { Config } from './platform/config.ts';
import { openFiles } from './platform/files/files.ts';
import type { Caller } from './platform/http/caller.ts';
import { createIdempotency } from './platform/http/idempotency.ts';
import { type App, createHttp } from './platform/http/server.ts';
import { serveWeb } from './platform/http/static.ts';
import { openKeys } from './platform/keys.ts';
import { follow } from './platform/live/follow.ts';
import { createHub } from './platform/live/hub.ts';
import { openMasterKeys } from './platform/master-keys.ts';
import type { Connection } from './platform/postgres/connect.ts';
import type { Tx } from './platform/postgres/db.ts';
import { migratePlatform } from './platform/postgres/migrate.ts';
import { createApart } from './platform/queue/apart.ts';
import { housekeepingJob } from './platform/queue/housekeeping.ts';
import type { Job } from './platform/queue/job.ts';
import { openQueue } from './platform/queue/queue.ts';
import { root } from './platform/root.ts';
import { openPrivacy } from './privacy.ts';
import { missingMasters } from './records/sealed/master-store.ts';
import type { Committed } from './records/write/types.ts';
import { openReviewing } from './reviewing.ts';
import { openServicing } from './servicing.ts';
import { openTagging } from './tagging.ts';

/** A composed product that has not begun to listen. */
export interface Product {
  app: App;
  identity: Identity;
  engine: Engine;
  close(): Promise<void>;
}

/** From sources (tests, development) everything runs in one thread. */
const compiled = !import.meta.url.endsWith('.ts');

/** Composition: database → engine → modules → http and workers. */
export async function compose(config: Config, connection: Connection, log: Logger): Promise<Product> {
  const { db, background } = connection;
  await migratePlatform(db);
  let committed: (fact: Committed) => void = () => undefined;
  let proposed: () => void = () => undefined;
  const masters = openMasterKeys(config.masterKeys);
  const engineOver = (on: typeof db) =>
    createEngine(
      on,
      (fact) => committed(fact),
      () => proposed(),
      masters,
      connection.replica,
    );
  const engine = engineOver(db);
  const existing = await migrateWorkspaces(db);
  for (const workspace of existing) await installTemplate(engine, workspace.id);
  // A kill between the first account and its workspace must not leave a system that can't be set up.
  if (existing.length === 0 && (await engine.accounts()).length > 0) await makeWorkspace(engine, undefined, 'zh');
  for (const key of await missingMasters(db, engine.sealing.masters))
    log.warn({ key }, 'a master key is missing: values that it protects are locked (xianke keys status)');
  const keys = openKeys(config.dataDir);
  const files = openFiles(db, config.dataDir, config.uploadLimit);
  const hub = createHub();
  const unfollow = follow(db, hub, log, (workspace) => `w_${workspace}`);
  engine.catalog.onChange((workspace, { version }) => hub.publish(workspace, { type: 'catalog', version }));

  const accessOf = async (caller: Caller) => withinScopes(await engine.accessOf(WORKSPACE, personOf(caller)), caller);
  const identity = createIdentity({
    db,
    keys,
    connection: connection.config,
    log,
    publicUrl: config.publicUrl,
    allowPlainSso: config.outgoingPrivate,
    rolesOf: async (person) => (await engine.access.composed(WORKSPACE, person)).roles.map(({ id }) => id),
    post: postLetters(() => outgoing, WORKSPACE),
    firm: () => outreach.firm(),
    workspaceOf: async () => {
      const [workspace] = await listWorkspaces(db);
      await engine.plans.ready(WORKSPACE);
      const { scenario } = engine.plans.policy(WORKSPACE);
      return {
        id: WORKSPACE,
        name: workspace?.name ?? '',
        scenario,
        timeZone: workspace?.settings.timeZone ?? DEFAULT_TIME_ZONE,
      };
    },
    actsOf: async (caller) => (await accessOf(caller)).acts ?? [],
    appToken: (token) => findByToken(db, token),
    afterSetup: ({ company, lang }) => makeWorkspace(engine, company, lang),
  });
  const ctxOf: MakeCtx = async ({ caller, lang }, reason) => ({
    workspace: WORKSPACE,
    actor: caller.actor,
    source: caller.via === 'session' ? 'page' : 'api',
    access: await accessOf(caller),
    at: new Date(),
    lang,
    ...(caller.viewer !== undefined && { viewer: caller.viewer }),
    ...(reason !== undefined && { reason }),
  });
  const idempotency = createIdempotency(db);
  const apart = apartJobs(engine, background, log, () => queue);
  const workspaceIds = async (): Promise<string[]> => (await listWorkspaces(db)).map((workspace) => workspace.id);
  const tendIndexes = tendIndexesJob({ indexes: engine.indexes, workspaces: workspaceIds });
  const replanSoon = async (tx: Tx, workspace: string): Promise<void> => {
    await queue.enqueue(tx, apart.replan, { workspace }, { key: workspace });
  };
  const clock = { now: () => new Date(), workspaces: workspaceIds };
  const reactions = readReactions();
  const react = reactJob({
    ...engine,
    catalogs: engine.catalog,
    accessFor: (catalog) => accessFor('admin', catalog),
    reactions,
    ...clock,
  });
  const deduplicating = openDeduplicating({
    ...{ engine, log, workspaces: workspaceIds, followJob: apart.followDuplicates, queue: () => queue },
    ...{ connection: connection.config, logLevel: config.logLevel },
    thread: compiled ? new URL('./match-thread.js', import.meta.url) : null,
  });
  const outgoing = openOutgoing({ db, log, keys, allowPrivate: config.outgoingPrivate, wake: (tx) => wakeOutbox(tx) });
  /** What asking, greeting and reminding share. */
  const outreach = {
    ...engine,
    ...outgoing,
    accessFor,
    publicUrl: config.publicUrl,
    links: createLinks(keys.derive('ask links')),
    firm: async () => (await listWorkspaces(db)).find(({ id }) => id === WORKSPACE)?.name ?? '',
    notify: async (tx: Tx, workspace: string, notice: Parameters<typeof notify>[2]) => {
      await notify(tx, workspace, notice, new Date());
    },
    now: () => new Date(),
  };
  const workspaceZones = async () =>
    (await listWorkspaces(db)).map(({ id, settings }) => ({ id, timeZone: settings.timeZone ?? DEFAULT_TIME_ZONE }));
  const zoneOf = async (workspace: string): Promise<string> =>
    (await workspaceZones()).find(({ id }) => id === workspace)?.timeZone ?? DEFAULT_TIME_ZONE;
  const mayDisturb = async (workspace: string): Promise<boolean> =>
    mayDisturbNow(outreach, workspace, await zoneOf(workspace));
  const freshening = openFreshening({ engine, background, idempotency, replanSoon, workspaces: workspaceZones });
  const reviewing = openReviewing({
    ...{ engine, background, log, idempotency, workspace: WORKSPACE, workspaces: workspaceIds, queue: () => queue },
    tell: () => hub.publish(WORKSPACE, { type: 'proposals' }),
  });
  const massing = openMassing({
    ...{ engine, log, replanSoon, now: clock.now, advance: apart.mass },
    queue: () => queue,
  });
  const { dataDir } = config;
  const workspace = WORKSPACE;
  const auditing = openAuditing({
    engine,
    background,
    keys,
    dataDir,
    log,
    workspace,
    workspaces: workspaceIds,
    queue: () => queue,
    put: (...event) => putEvent(outreach, ...event),
  });
  const campaigning = openCampaigning({
    ...{ engine, outgoing, keys, workspace, workspaces: workspaceIds, timeZone: zoneOf },
    ...{ firm: outreach.firm, publicUrl: config.publicUrl, queue: () => queue },
  });
  const approving = openApproving({
    engine,
    campaign: campaigning.perform,
    massing: { ...massing.deps, kick: massing.kick },
    forget: identity.forget,
    files,
    keys,
    uploadLimit: config.uploadLimit,
    log,
    workspaces: workspaceIds,
    queue: () => queue,
  });
  const privacy = openPrivacy({
    ...{ engine, background, files, ctxOf, asking: outreach, outbox: outgoing.outbox, publicUrl: config.publicUrl },
    ...{ workspaces: workspaceIds, timeZone: zoneOf, queue: () => queue },
  });
  const behind = engineOver(background);
  const automating = openAutomating({
    ...{ engine, behind, outgoing, log, workspace, workspaces: workspaceIds },
    ...{ followJob: apart.followRules, queue: () => queue },
    wakeOutbox: (tx) => wakeOutbox(tx),
  });
  const servicing = openServicing({
    ...{ engine, background, hub, log, workspace, workspaces: workspaceIds, queue: () => queue },
  });
  const forming = openForming({
    ...{ engine, keys, log, workspace, workspaces: workspaceIds, queue: () => queue, takeJob: apart.takeSubmissions },
    ...{ asking: outreach, notify: outreach.notify, publicUrl: config.publicUrl },
    written: () =>
      [
        reviewing.proposed,
        auditing.sealSoon,
        automating.woken,
        tagging.woken,
        deduplicating.followSoon,
        servicing.woken,
      ].map((f) => f()),
  });
  const tagging = openTagging({
    ...{ engine, behind, log, workspace, workspaces: workspaceIds, apart, queue: () => queue },
    ...{ keys, allowPrivate: config.outgoingPrivate },
  });
  const parts = [
    ...[automating, forming, tagging, servicing, campaigning, massing, auditing],
    ...[approving, privacy, deduplicating, reviewing, freshening],
  ];
  const jobs = [
    ...parts.flatMap((part): Job[] => part.jobs),
    ...Object.values(apart),
    react,
    housekeepingJob(db),
    backupJob({ engine, background, config, log, workspace: WORKSPACE }),
    tidyAppsJob(background),
    tendIndexes,
    refreshSearchJob({ db: background, workspaces: workspaceIds }),
    outgoing.outbox.job,
    remindUnansweredJob({ ...outreach, workspaces: workspaceIds, mayDisturb }),
    ...reminderJobs({ ...outreach, workspaces: workspaceZones }),
    greetingsJob({
      ...outreach,
      workspaces: workspaceZones,
      isQuiet: (workspace, zone) => isQuietNow(outreach, workspace, zone),
    }),
  ];
  const queue = await openQueue(
    db,
    log,
    jobs,
    compiled
      ? createApart(
          new URL('./job-thread.js', import.meta.url),
          { connection: connection.config, logLevel: config.logLevel },
          log,
        )
      : undefined,
  );
  const wakeOutbox = async (tx: Tx): Promise<void> => {
    await queue.enqueue(tx, outgoing.outbox.job, {}, { key: 'due' });
  };
  // Not at the same moment: the list that asked is being read without the index, and would be held up.
  const tendSoon = calmly(() => {
    queue
      .enqueue(db, tendIndexes, {}, { key: 'wanted' })
      .catch((error: unknown) => log.warn({ error }, 'indexes wait'));
  }, 2_000);
  engine.indexes.onWanted(tendSoon);

  proposed = reviewing.proposed;
  committed = (fact) => {
    auditing.sealSoon();
    servicing.committed(fact);
    approving.committed(fact);
    automating.committed(fact);
    tagging.woken();
    reviewing.committed(fact);
    deduplicating.committed(fact);
    // Lost with a crash, it is made up for within a minute.
    if (mayBeEvidence({ reactions }, fact))
      queue.enqueue(db, react, {}, { key: 'woken' }).catch((error: unknown) => log.warn({ err: error }, 'evidence'));
  };

  const app = await createHttp({
    config,
    log,
    authenticate: identity.authenticate,
    actsOf: identity.actsOf,
    viewed: identity.viewed,
  });
  for (const part of [
    auditing,
    servicing,
    approving,
    automating,
    forming,
    campaigning,
    tagging,
    reviewing,
    deduplicating,
  ])
    part.routes(app, ctxOf);
  privacy.routes(app);
  identityRoutes(app, identity);
  appsModuleRoutes(app, { ...engine, config, log, workspace, forget: identity.forget });
  accessRoutes(app, { ...engine, ctxOf, setAdmin: identity.setAdmin });
  const encryptSoon = async (): Promise<void> => void (await queue.enqueue(db, apart.encryption, {}, { key: 'woken' }));
  catalogRoutes(app, { ...engine, ctxOf, encryptSoon, fillSoon: servicing.fillSoon });
  encryptionRoutes(app, { ...engine, ctxOf, kick: encryptSoon });
  tradeRoutes(app, { ...engine, ctxOf, fillSoon: servicing.fillSoon });
  viewRoutes(app, { db, ctxOf });
  insightRoutes(app, { db, read: engine.read, ctxOf });
  recordsRoutes(app, { ...engine, ctxOf });
  writeRoutes(app, { ...engine, ctxOf, idempotency });
  salesRoutes(app, { ...engine, ctxOf });
  scansRoutes(app, {
    ...engine,
    ctxOf,
    kick: async (workspace) => void (await queue.enqueue(db, apart.scans, { workspace }, { key: workspace })),
  });
  massRoutes(app, { ...massing.deps, ctxOf, kick: massing.kick });
  freshening.routes(app, ctxOf);
  askingRoutes(app, { ...outreach, ctxOf });
  askingPages(app, { ...outreach, workspace: WORKSPACE });
  greetingsRoutes(app, { ...outreach, ctxOf });
  stopPages(app, { ...outreach, workspace: WORKSPACE });
  remindersRoutes(app, { ...outreach, ctxOf });
  channelsRoutes(app, { db, ...outgoing, ctxOf });
  liveRoute(app, {
    hub,
    log,
    workspace: WORKSPACE,
    accessOf,
  });

  const imports = openImports(config, connection, engine, files, log, ({ id, state }) => {
    hub.publish(WORKSPACE, { type: 'import', id, state });
    // Written in a thread of its own, so nobody here has heard of it yet.
    if (state !== 'done' && state !== 'undone') return;
    deduplicating.followSoon();
    servicing.woken();
  });
  importRoutes(app, { ...engine, files, ctxOf, uploadLimit: config.uploadLimit, kick: imports.kick });

  if (config.runJobs) {
    await queue.work();
    // What was verified while nobody ran, or by the command line.
    await queue.enqueue(db, apart.learn, {}, { key: 'start' });
    // What a kill left behind goes on at once.
    for (const workspace of await workspaceIds())
      for (const run of await waitingMassRuns(db, workspace)) await massing.kick(workspace, run);
  }
  await serveWeb(app, join(root, 'dist', 'web'));
  return {
    app,
    identity,
    engine,
    async close() {
      await app.close();
      await unfollow();
      await imports.stop();
      await forming.close();
      await queue.stop();
      await identity.close();
    },
  };
}

const personOf = ({ account, role }: Caller) => ({ id: account.id, role });
