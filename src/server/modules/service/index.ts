export { serviceJob } from './service-jobs.ts';
export { serviceRoutes } from './service-routes.ts';
export { readService } from './settings.ts';
