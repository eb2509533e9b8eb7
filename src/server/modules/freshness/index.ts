export { type FreshnessDeps, freshnessRoutes } from './freshness-routes.ts';
export { type HealthDeps, healthReport } from './health.ts';
export { learn, learnJob } from './learn-job.ts';
export { createLens } from './lens.ts';
export { createPlans, type Plans } from './plans.ts';
export { readPresets } from './presets.ts';
export { replanJob } from './replan-job.ts';
export { type TodayDeps, todayList } from './today.ts';
