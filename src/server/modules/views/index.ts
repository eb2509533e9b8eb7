export { insertView, viewRoutes } from './views.ts';
