export { fillRollups } from './fill-rollups.ts';
export { followRollups, type RollupDeps } from './follow-rollups.ts';
export { fillRollupsJob, followRollupsJob } from './rollup-jobs.ts';
export { rollupRoutes } from './rollup-routes.ts';
