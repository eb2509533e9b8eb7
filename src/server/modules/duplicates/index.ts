export type { DuplicatesDeps } from './deps.ts';
export { followDuplicatesJob, mayBeDuplicate, SCAN, scanDuplicatesJob } from './duplicates-jobs.ts';
export { duplicatesRoutes } from './duplicates-routes.ts';
export { hintDuplicates, type Match, mayBeOne } from './hint.ts';
export { keysOfValues } from './matchable.ts';
export { performMerge } from './merge-records.ts';
export { mergeRoutes } from './merge-routes.ts';
export { scanObject } from './scan-object.ts';
export { createScanner, type FromScan } from './scan-runner.ts';
