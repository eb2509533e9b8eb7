export { findApproval, type NewApproval, type Result } from './approval-store.ts';
export { runApprovalJob, tendApprovalsJob } from './approvals-jobs.ts';
export { type ApprovalsRouteDeps, approvalsRoutes } from './approvals-routes.ts';
export { administrators, holdersOf, managerOf } from './deciders.ts';
export { createGate, type Gate } from './gate.ts';
export { performProtected } from './protected-changes.ts';
export { type ApprovalRuleStore, createApprovalRules } from './rule-store.ts';
export type { Once, Perform } from './run-approval.ts';
