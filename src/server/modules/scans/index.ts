export { foundBy } from './scan-store.ts';
export { scanJob } from './scans-jobs.ts';
export { scansRoutes } from './scans-routes.ts';
