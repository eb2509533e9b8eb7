export { createAmountGuard } from './amount-guard.ts';
export { learnAmountsJob } from './anomalies-jobs.ts';
export { learnAmounts } from './learn-amounts.ts';
export { createPatternStore, type PatternStore } from './pattern-store.ts';
