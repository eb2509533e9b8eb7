import type { Pending } from '../../../contract/approvals.ts';
import { type Act, type ApprovalRule, ruleFor } from '../../../domain/approvals/index.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import type { AuditStore } from '../audit/index.ts';
import { notify } from '../reminders/index.ts';
import { type Approval, insertApproval, type NewApproval } from './approval-store.ts';
import { administrators, managerOf, namedDeciders } from './deciders.ts';
import type { ApprovalRuleStore } from './rule-store.ts';

/** What stands before acts that may need a second person. */
export interface Gate {
  /** Reads the rules in force; before `needed` and `mayNeed`. */
  ready(workspace: string): Promise<void>;
  /** The rule that an act of this actor falls under; null: it needs nobody, or was agreed to already. */
  needed(ctx: Ctx, act: Act): ApprovalRule | null;
  /** Whether any rule could be about acts of this kind: when not, their size need not be found out. */
  mayNeed(ctx: Ctx, kind: Act['kind']): boolean;
  /** Asks for it. In the caller's transaction when there is one. */
  ask(ctx: Ctx, rule: ApprovalRule, wish: NewApproval, tx?: Tx): Promise<Pending>;
}

export interface GateDeps {
  db: Db;
  rules: ApprovalRuleStore;
  audit: AuditStore;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** People act; what the system does by itself was decided when it was set up. */
const PEOPLE: readonly string[] = ['page', 'api', 'import', 'form', 'cli'];

export function createGate(deps: GateDeps): Gate {
  const { db, rules } = deps;
  const concerns = (ctx: Ctx): boolean =>
    ctx.approved === undefined && PEOPLE.includes(ctx.source) && ctx.actor.startsWith('user:');
  return {
    ready: (workspace) => rules.ready(workspace),
    needed: (ctx, act) => (concerns(ctx) ? ruleFor(rules.of(ctx.workspace).rules, act, ctx.access.admin) : null),
    mayNeed: (ctx, kind) =>
      concerns(ctx) &&
      rules
        .of(ctx.workspace)
        .rules.some((rule) => !rule.off && rule.kind === kind && !(ctx.access.admin && rule.exceptAdmins)),
    async ask(ctx, rule, wish, tx) {
      const asking = async (on: Tx) => {
        const manager =
          rule.decider.by === 'manager' ? await managerOf(on, ctx.workspace, ctx.actor.replace(/^user:/, '')) : null;
        const { approval, made } = await insertApproval(on, ctx, rule, manager, wish);
        const named = await namedDeciders(on, ctx.workspace, approval);
        if (made) await tell(on, ctx, approval, named.length > 0 ? named : await administrators(on, ctx.actor));
        return { approval, made, named };
      };
      const { approval, made, named } = tx ? await asking(tx) : await db.tx(asking);
      if (made)
        await noteApproval(deps.audit, ctx.workspace, approval, { at: ctx.at, actor: ctx.actor, what: 'asked' });
      const words = await deps.names(ctx.workspace, named);
      return {
        id: approval.id,
        kind: approval.kind,
        deciders: named.flatMap((id) => words[id] ?? []),
        due: approval.due.toISOString(),
      };
    },
  };
  async function tell(on: Tx, ctx: Ctx, approval: Approval, accounts: string[]): Promise<void> {
    const name = (await deps.names(ctx.workspace, [ctx.actor]))[ctx.actor] ?? '';
    for (const account of accounts)
      await notify(
        on,
        ctx.workspace,
        {
          account,
          cause: `approval ${approval.id}`,
          kind: `approval-${approval.kind}`,
          params: { name, count: approval.size },
        },
        ctx.at,
      );
  }
}

/** A line of the trail, in the log that can be proven. The word stays private: it may name a customer. */
export function noteApproval(
  audit: AuditStore,
  workspace: string,
  approval: Pick<Approval, 'id' | 'kind' | 'object' | 'size' | 'hash'>,
  step: { at: Date; actor: string; what: string; word?: string | null },
): Promise<void> {
  const { id, kind, object, size, hash } = approval;
  return audit.append(workspace, {
    at: step.at,
    actor: step.actor,
    source: step.actor === 'system' ? 'system' : 'page',
    kind: 'approval',
    ...(object !== null && { object }),
    body: { approval: id, act: kind, what: step.what, size, hash },
    ...(step.word && { private: { word: step.word } }),
  });
}
