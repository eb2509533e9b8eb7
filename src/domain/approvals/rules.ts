import type { Act, ApprovalRule } from './types.ts';

/** The rule that an act falls under: the first that fits, one for the very object before one for all. null: it needs nobody. */
export function ruleFor(rules: readonly ApprovalRule[], act: Act, admin: boolean): ApprovalRule | null {
  const fitting = rules.filter((rule) => fits(rule, act, admin));
  return fitting.find((rule) => rule.object !== undefined) ?? fitting[0] ?? null;
}

function fits(rule: ApprovalRule, { kind, object, field, size }: Act, admin: boolean): boolean {
  if (rule.off || rule.kind !== kind || (admin && rule.exceptAdmins)) return false;
  if (rule.object !== undefined && rule.object !== object) return false;
  if (field !== undefined && rule.fields && rule.fields.length > 0 && !rule.fields.includes(field)) return false;
  return size > rule.above;
}

/** A request as far as deciding looks at it. */
export interface Asked {
  asker: string;
  rule: ApprovalRule;
  manager: string | null;
  due: Date;
  lapses: Date;
}

export interface Decision {
  /** Account, without `user:`. */
  account: string;
  roles: readonly string[];
  admin: boolean;
}

/** Whether a person may decide now. Nobody decides on what he asked for himself (OWASP ASVS 5.0, 2.3.5). */
export function mayDecide(asked: Asked, who: Decision, now: Date): boolean {
  if (asked.asker === `user:${who.account}` || now >= asked.lapses) return false;
  return who.admin || isNamed(asked, who) || (now >= asked.due && asked.rule.deputy === who.account);
}

/** Whether the request is for this very person to decide, whoever else may. Where nobody is named, it is for administrators. */
export function isNamed({ rule: { decider }, manager }: Asked, who: Decision): boolean {
  switch (decider.by) {
    case 'person':
      return decider.account === who.account;
    case 'role':
      return who.roles.includes(decider.role);
    default:
      return manager === null ? who.admin : manager === who.account;
  }
}

/** The manager who decides for somebody: of his department, or the nearest one above it who is not himself. `chain`: from the person upwards. */
export function managerAbove(account: string, chain: readonly (string | null)[]): string | null {
  return chain.find((manager) => manager !== null && manager !== account) ?? null;
}

const HOUR_MS = 3_600_000;

/** Until when those named decide, and when it is too late for everybody. */
export function deadlines({ hours }: Pick<ApprovalRule, 'hours'>, at: Date): { due: Date; lapses: Date } {
  return { due: new Date(at.getTime() + hours * HOUR_MS), lapses: new Date(at.getTime() + 2 * hours * HOUR_MS) };
}
