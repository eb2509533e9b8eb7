export { type EncryptionJobDeps, encryptionJob } from './encryption-jobs.ts';
export { encryptionRoutes } from './encryption-routes.ts';
export { type EncryptionDeps, readEncryption } from './read-encryption.ts';
