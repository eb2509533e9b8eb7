export { tradeRoutes } from './trade-routes.ts';
