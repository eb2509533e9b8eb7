export { type Account, createAccount, listAccounts, setUp } from './accounts.ts';
export { createApiKey } from './api-keys.ts';
export type { Found } from './authenticate.ts';
export type { Letter, Post } from './deps.ts';
export { createIdentity, type Identity, type IdentityOptions, type WorkspaceSummary } from './identity.ts';
export { identityRoutes } from './identity-routes.ts';
export { rescue } from './rescue.ts';
