export type { ImportDeps } from './deps.ts';
export { createImportSteps, type ImportSteps, type Moved } from './import-steps.ts';
export { type ImportRouteDeps, importRoutes } from './imports-routes.ts';
export { findImport, newImport, startImport, waitingRuns } from './run-store.ts';
export { createImportRunner, type FromWorker, type ImportRunner, type ToWorker } from './runner.ts';
export { countChanges as countSheetChanges, takeConflicts } from './sheets/change-store.ts';
