export { confidenceOf, trustOf } from './confidence.ts';
export { type Candidate, NO_TRIAL, ruleFor, type Trial, tried, type Verdict } from './decide.ts';
export { type Author, type Held, holdBy, rulesFor } from './hold.ts';
export { type HoldReason, isRuleHold, originOfSource, originsOf } from './origin.ts';
export { isEmpty, type Standing, same, standingOf } from './three-way.ts';
export {
  type DecideRule,
  type HeldSource,
  type HoldRule,
  NO_RULES,
  type Origin,
  type ReviewRules,
  type RuleHold,
} from './types.ts';
