export type { PrivacyDeps } from './deps.ts';
export { eraseJob, scrubJob } from './erasure-jobs.ts';
export { retentionJob } from './privacy-jobs.ts';
export { privacyRoutes } from './privacy-routes.ts';
export { finishErasures } from './run-erasure.ts';
export type { RetentionDeps } from './run-retention.ts';
export { scrub } from './scrub.ts';
