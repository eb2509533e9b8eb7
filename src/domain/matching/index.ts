/** Record linkage: find records that are the same thing, and say why. See README.md. */
export { type BlockingOptions, block, type Candidates } from './blocking.ts';
export { applyDecisions, type Decision } from './decisions.ts';
export { type DedupeOptions, type DedupeResult, dedupe, dedupeTable, learnWeights } from './dedupe.ts';
export { explainPair } from './explain.ts';
export { guessSchema } from './guess.ts';
export { blockingKeys, type ExactKey, exactKeys } from './keys.ts';
export {
  type Matcher,
  matcherOf,
  type PairScore,
  type Prepared,
  prepare,
  type Similar,
  scorePair,
  similar,
} from './matcher.ts';
export { judgeByRules, type RuleSet, ruleKeys, ruleSetOf, type Verdict, wrongRules } from './rules.ts';
export { matchSchemaOf } from './schema.ts';
export { type Table, TableBuilder, tableOf } from './table.ts';
export type { Contribution, Explanation, Level, MatchField, MatchSchema, Row, Weights } from './types.ts';
