export { advanceRun, beginUndo, performMass } from './advance-run.ts';
export type { MassDeps } from './deps.ts';
export { massJob, massLookJob } from './mass-jobs.ts';
export { massRoutes } from './mass-routes.ts';
export { newRun, readRun, receiversOf, runsOf, waitingRuns } from './run-store.ts';
