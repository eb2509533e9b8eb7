export { canonicalText } from './content.ts';
export { type Asked, type Decision, deadlines, isNamed, managerAbove, mayDecide, ruleFor } from './rules.ts';
export type {
  Act,
  ApprovalKind,
  ApprovalRule,
  ApprovalState,
  Decider,
} from './types.ts';
