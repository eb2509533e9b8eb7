export { performMass } from './advance-run.ts';
export type { MassDeps } from './deps.ts';
export { massJob } from './mass-jobs.ts';
export { massRoutes } from './mass-routes.ts';
export { waitingRuns } from './run-store.ts';
