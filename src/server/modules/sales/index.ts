export { salesRoutes } from './sales-routes.ts';
