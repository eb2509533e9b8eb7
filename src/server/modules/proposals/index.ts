export { type NewProposal, propose } from './proposal-store.ts';
export { proposalsRoutes } from './proposals-routes.ts';
