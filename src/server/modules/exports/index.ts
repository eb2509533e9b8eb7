export { expireExportsJob } from './exports-jobs.ts';
export { type ExportsRouteDeps, exportsRoutes } from './exports-routes.ts';
export { prepareExport } from './make-export.ts';
export { createMarks } from './marks.ts';
export { performExport } from './perform-export.ts';
