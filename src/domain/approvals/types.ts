/** Acts that may need a second person. */
export const APPROVAL_KINDS = ['export', 'merge', 'mass', 'protected', 'claim', 'campaign'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** Who decides: whoever has a role, the manager of who asks (of his department, or of one above), or one person. */
export type Decider = { by: 'role'; role: string } | { by: 'manager' } | { by: 'person'; account: string };

/** Which acts need approval, from which size on, and whose. */
export interface ApprovalRule {
  id: string;
  kind: ApprovalKind;
  /** Absent: every object. */
  object?: string | undefined;
  /** Protected fields meant; absent or empty: all protected ones. */
  fields?: string[] | undefined;
  /** Records or rows that need none; more do. 0: always. */
  above: number;
  decider: Decider;
  /** May decide too once the deadline is over. Absent: administrators. */
  deputy?: string | undefined;
  /** Deadline. After twice that time the request lapses. */
  hours: number;
  /** Administrators act without asking. */
  exceptAdmins: boolean;
  off?: boolean | undefined;
}

/** What somebody is about to do. */
export interface Act {
  kind: ApprovalKind;
  object?: string | undefined;
  /** Field that is overwritten, for `protected`. */
  field?: string | undefined;
  /** Records or rows. */
  size: number;
}

export type ApprovalState = 'open' | 'approved' | 'refused' | 'withdrawn' | 'lapsed' | 'done' | 'failed';
