export { adviserRoutes } from './adviser-routes.ts';
export { createTagDictionary, type TagDictionaryStore } from './dictionary-store.ts';
export type { FollowDeps } from './follow-texts.ts';
export { APPLY_TAGS, adviseTagsJob, applyTagsJob, expireTagsJob, followTextsJob, tagRunsJob } from './tagging-jobs.ts';
export { type TagRouteDeps, taggingRoutes } from './tagging-routes.ts';
