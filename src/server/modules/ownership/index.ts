export { performClaim, protect } from './claims.ts';
export { assignNewJob, handOverJob, mayBeNew } from './ownership-jobs.ts';
export { ownershipRoutes } from './ownership-routes.ts';
