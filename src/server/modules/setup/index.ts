export { type DemoDeps, writeDemo } from './demo-data.ts';
export { makeWorkspace, setUpWorkspace, WORKSPACE } from './set-up-workspace.ts';
