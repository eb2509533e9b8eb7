export { type CurrentRecord, loadCurrent } from './current-records.ts';
export {
  type DecideDeps,
  decideProposals,
  type FieldVerdict,
  meantOf,
  newBatch,
  type Wish,
} from './decide-proposals.ts';
export { followProposalsJob, mayMoveProposals } from './follow-records.ts';
export type { NewProposal, StoredProposal } from './proposal-store.ts';
export { proposalsRoutes } from './proposals-routes.ts';
export { createPropose, type Propose } from './proposing.ts';
