export { adviceRoutes } from './advice-routes.ts';
export { checksRoutes, peopleAsked } from './checks-routes.ts';
export { collectFindings } from './collect-findings.ts';
export { type DueBundle, dueCells } from './due-cells.ts';
export { type FreshnessDeps, freshnessRoutes } from './freshness-routes.ts';
export { type HealthDeps, healthReport } from './health.ts';
export { listKinds, saveKind } from './kind-store.ts';
export { learnJob } from './learn-job.ts';
export { createLens } from './lens.ts';
export {
  type OutboxSet,
  outboxWaits,
  type Place,
  type Portion as OutboxPortion,
  passBy,
  placeAfter,
  readOutbox,
} from './outbox.ts';
export { createPlans, type Plans } from './plans.ts';
export { readPresets } from './presets.ts';
export { repeatChecksJob } from './repeat-checks-job.ts';
export { planRecords } from './replan.ts';
export { replanJob } from './replan-job.ts';
export { sampleBundles } from './sample-bundles.ts';
export { readSetting, saveSetting, type TrustedSource } from './settings.ts';
export { teamRoutes } from './team-routes.ts';
export { viewTeam } from './team-store.ts';
export { type TodayDeps, todayList } from './today.ts';
export { trustOfImport } from './trusted-sources.ts';
