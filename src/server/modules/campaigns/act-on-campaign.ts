import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { sendConfirmed } from './begin-campaign.ts';
import { type CampaignRow, moveCampaign, readCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { addressOf, reachOf } from './reach.ts';
import { leaveOut } from './recipient-store.ts';

/** Begins the look at whom a campaign reaches; another look forgets what the last one found. */
export async function checkCampaign(deps: CampaignDeps, ctx: Ctx, id: string): Promise<void> {
  const campaign = await readCampaign(deps.db, ctx.workspace, id);
  addressOf(await deps.catalog.get(ctx.workspace), { kind: campaign.kind, audience: campaign.definition.audience });
  await deps.db.tx(async (tx) => {
    // Who looks is who sends: it is found what he may see.
    const set = [
      sql`owner = ${ctx.actor.replace(/^user:/, '')}`,
      sql`found_by = null`,
      sql`problem = null`,
      sql`checked_at = null`,
    ];
    if (!(await moveCampaign(tx, ctx.workspace, id, ['draft', 'checked'], 'checking', ...set)))
      throw new AppError(campaign.state === 'checking' ? 'campaign-not-ready' : 'campaign-begun');
    await tx.query(sql`delete from ${tableOf(ctx.workspace, 'campaign_recipient')} where campaign = ${id}::uuid`);
    await deps.workSoon(tx);
  });
}

/** Stops, goes on, calls off, sends to those whose address was confirmed since. */
export async function actOnCampaign(
  deps: CampaignDeps,
  ctx: Ctx,
  id: string,
  what: 'pause' | 'resume' | 'cancel' | 'confirmed',
): Promise<void> {
  const { workspace } = ctx;
  const campaign = await readCampaign(deps.db, workspace, id);
  if (what === 'confirmed') {
    await sendConfirmed(deps, ctx, id, await confirmedAmong(deps, ctx, campaign));
    return;
  }
  if (what === 'pause') {
    mustMove(
      await moveCampaign(deps.db, workspace, id, ['scheduled', 'sending', 'testing'], 'paused', sql`problem = null`),
    );
    return;
  }
  if (what === 'resume') {
    const { start_at, started_at, tested_at, winner } = campaign;
    const next =
      started_at === null && start_at && start_at > ctx.at ? 'scheduled' : tested_at && !winner ? 'testing' : 'sending';
    // Whoever goes on with it sends it from here on.
    const owner = sql`owner = ${ctx.actor.replace(/^user:/, '')}`;
    mustMove(
      await moveCampaign(
        deps.db,
        workspace,
        id,
        ['paused'],
        next,
        sql`problem = null`,
        owner,
        sql`started_at = coalesce(started_at, ${next === 'scheduled' ? null : ctx.at}::timestamptz)`,
      ),
    );
    await deps.workSoon(deps.db);
    return;
  }
  await deps.db.tx(async (tx) => {
    mustMove(
      await moveCampaign(
        tx,
        workspace,
        id,
        ['waiting', 'scheduled', 'sending', 'testing', 'paused'],
        'cancelled',
        sql`finished_at = ${ctx.at}`,
        sql`problem = null`,
      ),
    );
    await leaveOut(tx, workspace, id, 'cancelled');
  });
}

/** Which letter the rest gets. */
export async function chooseWinner(deps: CampaignDeps, ctx: Ctx, id: string, winner: 'a' | 'b'): Promise<void> {
  const set = [sql`winner = ${winner}`, sql`winner_by = ${ctx.actor.replace(/^user:/, '')}`];
  mustMove(await moveCampaign(deps.db, ctx.workspace, id, ['testing'], 'sending', ...set));
  await deps.workSoon(deps.db);
}

function mustMove(moved: CampaignRow | null): void {
  if (!moved) throw new AppError('campaign-not-ready');
}

const MOST_HELD = 5000;

/** Of those held, whose address is not past due any more, as far as whoever asks may reach them. */
export async function confirmedAmong(
  deps: CampaignDeps,
  ctx: Ctx,
  { id, kind, definition }: CampaignRow,
): Promise<string[]> {
  const held = await deps.db.query<{
    person: string;
  }>(sql`select person from ${tableOf(ctx.workspace, 'campaign_recipient')}
    where campaign = ${id}::uuid and state = 'held' order by id limit ${MOST_HELD}`);
  if (held.length === 0) return [];
  const address = addressOf(await deps.catalog.get(ctx.workspace), { kind, audience: definition.audience });
  const confirmed: string[] = [];
  for (let at = 0; at < held.length; at += 500) {
    const ids = held.slice(at, at + 500).map(({ person }) => person);
    const { people } = await reachOf(
      deps,
      ctx,
      { ...address, kind, purpose: definition.purpose, fields: [], campaign: id },
      ids,
    );
    confirmed.push(...ids.filter((one) => people.get(one)?.reason === null && people.get(one)?.stale === false));
  }
  return confirmed;
}
