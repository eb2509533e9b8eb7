export { type Caused, writeOnce } from './causes.ts';
export { mayBeEvidence, reactJob } from './evidence-jobs.ts';
export { evidenceRoutes } from './evidence-routes.ts';
export { readReactions } from './reactions.ts';
