export { createHoldGuard } from './hold-guard.ts';
export { type JudgeDeps, judgeProposals, judgeProposalsJob } from './judge-proposals.ts';
export { reviewRoutes } from './review-routes.ts';
export { createRuleStore, type RuleStore } from './rule-store.ts';
