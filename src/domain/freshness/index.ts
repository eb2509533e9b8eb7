export * from './cell.ts';
export * from './hazard.ts';
export * from './plan.ts';
export * from './priors.ts';
export * from './today.ts';
