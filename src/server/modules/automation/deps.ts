import type { Access } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { Account } from '../identity/index.ts';
import type { AutomationRuleStore } from './rule-store.ts';

/** What finding out which rules fire works with. */
export interface FindDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  automation: AutomationRuleStore;
  accounts: () => Promise<Account[]>;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  /** Has what was found done soon, when the transaction commits. */
  performSoon: (tx: Tx, workspace: string) => Promise<void>;
  now: () => Date;
}

export type Names = (workspace: string, ids: string[]) => Promise<Record<string, string>>;

export const RULE_ACTOR = 'rule:';

/** A rule acts under its own name, with what its author may do now; null: he may nothing any more. */
export async function ctxOfRule(
  deps: Pick<FindDeps, 'accounts' | 'accessOf'>,
  workspace: string,
  rule: { id: string; name: string; author: string },
  at: Date,
): Promise<Ctx | null> {
  const author = (await deps.accounts()).find(({ id }) => id === rule.author);
  if (!author || author.disabled) return null;
  const access = await deps.accessOf(workspace, { id: author.id, role: author.role });
  return { workspace, actor: RULE_ACTOR + rule.id, source: 'rule', access, at, lang: 'zh', reason: rule.name };
}
