export { type RecordsRouteDeps, recordsRoutes } from './records-routes.ts';
export { type WriteRouteDeps, writeRoutes } from './write-routes.ts';
