export { poolJob } from './pool-job.ts';
export { poolRoutes } from './pool-routes.ts';
