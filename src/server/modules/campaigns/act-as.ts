import type { Access } from '../../../domain/access/types.ts';
import type { Ctx } from '../../records/types.ts';
import type { CampaignRow } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';

/**
 * The one who sends it, with what he may do now. null: he can't sign in any more, or may not send campaigns.
 * @param lang of the letters
 */
export async function senderOf(
  deps: Pick<CampaignDeps, 'accounts' | 'accessOf' | 'now'>,
  workspace: string,
  { id, owner, approval, definition: { lang } }: CampaignRow,
): Promise<Ctx | null> {
  const account = (await deps.accounts()).find((one) => one.id === owner);
  if (!account || account.disabled) return null;
  const access = await deps.accessOf(workspace, account);
  if (!access.admin && !access.acts?.includes('campaigns')) return null;
  const base = { workspace, actor: `user:${owner}`, source: 'page' as const, access, at: deps.now(), lang, act: id };
  return { ...base, ...(approval !== null && { approved: approval }) };
}

/** Reads these fields of these records and nothing else, as they are: what a letter needs that its sender sees masked. */
export function plainly(ctx: Ctx, object: string, ids: readonly string[], fields: readonly string[]): Ctx {
  const access: Access = {
    admin: false,
    objects: {
      [object]: {
        rows: { field: '$id', op: 'in', value: [...ids] },
        actions: ['read'],
        fields: { '*': 'hidden', ...Object.fromEntries(fields.map((name) => [name, 'read' as const])) },
      },
    },
  };
  const { viewer: _, ...rest } = ctx;
  return { ...rest, actor: 'system', source: 'system', access };
}
