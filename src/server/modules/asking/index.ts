export { askingRoutes } from './asking-routes.ts';
export { withCustomerNames } from './customer-names.ts';
export type { AskingDeps, Notice } from './deps.ts';
export { remindUnansweredJob } from './follow-up.ts';
export { createLinks } from './links.ts';
export { askingPages } from './page-routes.ts';
