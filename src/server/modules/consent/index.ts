export { consentRoutes } from './consent-routes.ts';
export { addConsent, consentsOf, hasObjected, objectedSql, standingOf } from './consent-store.ts';
export { listPurposes } from './purpose-store.ts';
