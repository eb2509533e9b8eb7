import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { senderOf } from './act-as.ts';
import { type CampaignRow, moveCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { addressOf, reachOf } from './reach.ts';
import { dropDoubles, keepFindings, unlooked } from './recipient-store.ts';

/** Recipients looked at in one go: a page of the read door. */
const PORTION = 500;
/** No more in one campaign. */
const MOST = 200_000;

/**
 * Finds whom a campaign reaches, as far as it is not done yet: first the records, in one statement, then each with his address, consent and what is
 * believed of it. Killed anywhere, it goes on there.
 */
export async function lookAtAudience(
  deps: CampaignDeps,
  workspace: string,
  campaign: CampaignRow,
  signal: AbortSignal,
): Promise<void> {
  const { id, definition, kind } = campaign;
  try {
    const ctx = await senderOf(deps, workspace, campaign);
    if (!ctx) throw new AppError('campaign-sender-gone');
    const address = addressOf(await deps.catalog.get(workspace), { kind, audience: definition.audience });
    if (!campaign.found_by) await findRecords(deps, ctx, campaign);
    for (;;) {
      if (signal.aborted) return;
      const rows = await unlooked(deps.db, workspace, id, PORTION);
      if (rows.length === 0) break;
      const wish = { ...address, kind, purpose: definition.purpose, fields: [], campaign: id };
      const { people } = await reachOf(
        deps,
        { ...ctx, at: deps.now() },
        wish,
        rows.map(({ person }) => person),
      );
      await keepFindings(
        deps.db,
        workspace,
        rows.map(({ id: recipient, person }) => {
          const found = people.get(person);
          const reason = found ? found.reason : 'gone';
          return {
            id: recipient,
            state: reason === null ? 'ready' : 'excluded',
            reason,
            key: found?.key?.toString('hex') ?? null,
            confidence: found?.confidence ?? null,
            stale: found?.stale ?? false,
          };
        }),
      );
    }
    await dropDoubles(deps.db, workspace, id);
    await moveCampaign(
      deps.db,
      workspace,
      id,
      ['checking'],
      'checked',
      sql`checked_at = ${deps.now()}`,
      sql`problem = null`,
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await moveCampaign(deps.db, workspace, id, ['checking'], 'draft', sql`problem = ${error.code}`);
  }
}

/** The records that match now, within what the sender may see; those that come to match later are not in it. */
async function findRecords(deps: CampaignDeps, ctx: Ctx, { id, definition: { audience } }: CampaignRow): Promise<void> {
  const { workspace } = ctx;
  const filter = audience.view ? await filterOf(deps, ctx, audience.view, audience.object) : (audience.filter ?? null);
  const found = await deps.read.select(ctx, { object: audience.object, ...(filter && { filter }) });
  const catalog = await deps.catalog.get(workspace);
  const recipients = tableOf(workspace, 'campaign_recipient');
  let { table, where } = found;
  if (audience.of !== undefined) {
    const child = objectOf(catalog, audience.of);
    const parent = child.parent === undefined ? undefined : fieldOf(child, child.parent);
    if (parent?.target !== audience.object) throw new AppError('campaign-no-address', { field: audience.field });
    const below = await deps.read.select(ctx, { object: child.name });
    where = sql`${below.where} and t.${ident(parent.name)} in (select t.id from ${found.table} t where ${found.where})`;
    table = below.table;
  }
  await deps.db.tx(async (tx) => {
    await tx.query(sql`delete from ${recipients} where campaign = ${id}::uuid`);
    const rows = await tx.query<{ n: number }>(sql`
      with made as (insert into ${recipients} (id, campaign, object, person)
        select gen_random_uuid(), ${id}::uuid, ${audience.of ?? audience.object}, t.id from ${table} t where ${where} limit ${MOST + 1}
        returning 1)
      select count(*)::int as n from made`);
    if ((rows[0]?.n ?? 0) > MOST) throw new AppError('campaign-too-many', { most: MOST });
    await moveCampaign(
      tx,
      workspace,
      id,
      ['checking'],
      'checking',
      sql`found_by = ${JSON.stringify({ filter })}::jsonb`,
    );
  });
}

/** The condition of a segment, which is a saved view that the sender can open. */
async function filterOf(deps: CampaignDeps, ctx: Ctx, view: string, object: string): Promise<Filter | null> {
  const [row] = await deps.db.query<{ object: string; definition: { filter?: Filter } }>(sql`
    select object, definition from ${tableOf(ctx.workspace, 'view_def')}
    where id = ${view}::uuid and (shared or owner = ${ctx.actor.replace(/^user:/, '')})`);
  if (!row || row.object !== object) throw new AppError('campaign-no-segment');
  return row.definition.filter ?? null;
}
