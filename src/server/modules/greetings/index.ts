export { greetingsJob } from './greetings-jobs.ts';
export { greetingsRoutes } from './greetings-routes.ts';
export { stopPages } from './stop-link.ts';
