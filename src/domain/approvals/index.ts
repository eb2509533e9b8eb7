export { canonicalText } from './content.ts';
export { type Asked, type Decision, deadlines, isNamed, managerAbove, mayDecide, ruleFor } from './rules.ts';
export {
  type Act,
  type ApprovalKind,
  type ApprovalRule,
  type ApprovalState,
  type Decider,
} from './types.ts';
