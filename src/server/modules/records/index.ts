export { type ExportDeps, type ExportFormat, exportRows, type Making } from './export-rows.ts';
export { withoutUndefined } from './query-of.ts';
export { refreshSearchJob, tendIndexesJob } from './records-jobs.ts';
export { type RecordsRouteDeps, recordsRoutes } from './records-routes.ts';
export { type WriteRouteDeps, writeRoutes } from './write-routes.ts';
