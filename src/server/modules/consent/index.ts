export { consentRoutes } from './consent-routes.ts';
export { addConsent, consentsOf, hasObjected, objectedSql } from './consent-store.ts';
