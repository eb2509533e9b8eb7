export { createValueSettings, type ValueSettings, type ValueSettingsStore } from './settings-store.ts';
export { computeValueJob } from './value-jobs.ts';
export { valueRoutes } from './value-routes.ts';
