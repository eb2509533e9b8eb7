export { type WriteRouteDeps, writeRoutes } from './write-routes.ts';
