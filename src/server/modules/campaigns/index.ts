export { performCampaign } from './begin-campaign.ts';
export { campaignsJob, tellEvidenceJob, WORK } from './campaign-jobs.ts';
export { type CampaignRouteDeps, campaignRoutes } from './campaign-routes.ts';
export type { CampaignDeps } from './deps.ts';
export { createLetterTokens } from './letter-tokens.ts';
export { type Names, systemNames } from './look-at-sender.ts';
export { letterRoutes } from './public-routes.ts';
