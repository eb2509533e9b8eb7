export { followRulesJob, forgetFiringsJob, PERFORM, performRulesJob, tickRulesJob } from './automation-jobs.ts';
export { type AutomationRouteDeps, automationRoutes } from './automation-routes.ts';
export type { FindDeps } from './deps.ts';
export type { PerformDeps } from './perform-firings.ts';
export { withRuleNames } from './rule-names.ts';
export { type AutomationRuleStore, createAutomationRules } from './rule-store.ts';
export { nextNamed, readTouched, type Touched, type Watch } from './touched.ts';
