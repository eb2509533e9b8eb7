export { sealJob } from './audit-jobs.ts';
export { auditRoutes } from './audit-routes.ts';
export { type Act, type AuditStore, createAuditStore } from './audit-store.ts';
export { exportLog } from './export-log.ts';
export { type PostDeps, postHeadJob } from './post-head.ts';
export { sealAll } from './seal.ts';
export { watchCalls } from './watch-calls.ts';
export { watchReads } from './watch-reads.ts';
export { openWitness } from './witness.ts';
