import sql from 'sql-template-tag';
import type { Pending } from '../../../contract/approvals.ts';
import { AppError } from '../../../contract/errors.ts';
import { cohortOf } from '../../../domain/campaigns/index.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { Perform } from '../approvals/index.ts';
import { type CampaignRow, type GateChoice, moveCampaign, readCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { leaveOut } from './recipient-store.ts';
import { fixLinks } from './send-letters.ts';

export interface SendWish {
  version: number;
  gate: GateChoice['how'];
  below?: number | undefined;
  /** Not before then. */
  at?: string | undefined;
}

/**
 * Sends what was checked: takes out what the choice about old addresses takes out, shares the rest between the letters, and lets it begin: now, at a
 * time, or when a second person agreed.
 * @param origin `https://crm.example.com`: links in the letters begin with it
 */
export async function beginCampaign(
  deps: CampaignDeps,
  ctx: Ctx,
  id: string,
  wish: SendWish,
  origin: string,
): Promise<{ asked: Pending | null; held: string[] }> {
  const before = await readCampaign(deps.db, ctx.workspace, id);
  await ready(deps, ctx, before);
  const gate: GateChoice = { how: wish.gate, below: wish.below ?? null, at: ctx.at.toISOString(), by: ctx.actor };
  const startAt = wish.at === undefined ? null : new Date(wish.at);
  await deps.gate.ready(ctx.workspace);
  const result = await deps.db.tx(async (tx) => {
    const campaign = await lock(tx, ctx.workspace, id);
    if (campaign.state !== 'checked') throw new AppError('campaign-not-ready');
    if (campaign.version !== wish.version) throw new AppError('conflict');
    const held = await applyGate(tx, ctx.workspace, id, gate);
    const size = await shareOut(tx, ctx.workspace, campaign);
    if (size === 0) throw new AppError('campaign-nobody');
    await fixLinks(tx, ctx.workspace, campaign);
    const set = [
      sql`gate = ${JSON.stringify(gate)}::jsonb`,
      sql`start_at = ${startAt}`,
      sql`origin = ${origin}`,
      sql`owner = ${ctx.actor.replace(/^user:/, '')}`,
      sql`problem = null`,
    ];
    const object = campaign.definition.audience.of ?? campaign.definition.audience.object;
    const rule = deps.gate.needed(ctx, { kind: 'campaign', object, size });
    if (rule) {
      const content = { campaign: id, name: campaign.name, version: campaign.version, size };
      const asked = await deps.gate.ask(ctx, rule, { kind: 'campaign', object, size, content }, tx);
      await moveCampaign(tx, ctx.workspace, id, ['checked'], 'waiting', ...set, sql`approval = ${asked.id}::uuid`);
      return { asked, held, size };
    }
    await moveCampaign(
      tx,
      ctx.workspace,
      id,
      ['checked'],
      startAt ? 'scheduled' : 'sending',
      ...set,
      sql`started_at = ${startAt ? null : ctx.at}`,
    );
    await deps.workSoon(tx);
    return { asked: null, held, size };
  });
  await noteSent(deps, ctx, before, gate, result.size, result.asked ? 'asked' : 'sent');
  return result;
}

/** What was agreed to begins; once, in the transaction that says so. */
export function performCampaign(deps: CampaignDeps): Perform {
  return async (ctx, content, once) => {
    const { campaign: id, size } = content as { campaign: string; size: number };
    const campaign = await readCampaign(deps.db, ctx.workspace, id);
    await deps.db.tx(async (tx) => {
      const next = campaign.start_at ? 'scheduled' : 'sending';
      const moved = await moveCampaign(
        tx,
        ctx.workspace,
        id,
        ['waiting'],
        next,
        sql`started_at = ${campaign.start_at ? null : ctx.at}`,
      );
      if (!moved) throw new AppError('campaign-not-ready');
      await deps.workSoon(tx);
      await once(tx, { campaign: id });
    });
    if (campaign.gate) await noteSent(deps, ctx, campaign, campaign.gate, size, 'sent');
  };
}

/** Those held whose address somebody confirmed since: they are sent now. @returns how many */
export async function sendConfirmed(
  deps: CampaignDeps,
  ctx: Ctx,
  id: string,
  confirmed: readonly string[],
): Promise<number> {
  return deps.db.tx(async (tx) => {
    const campaign = await lock(tx, ctx.workspace, id);
    if (!['sending', 'testing', 'sent'].includes(campaign.state)) throw new AppError('campaign-not-ready');
    const rows =
      await tx.query(sql`update ${tableOf(ctx.workspace, 'campaign_recipient')} set state = 'ready', stale = false,
        cohort = coalesce(cohort, 'rest')
      where campaign = ${id}::uuid and state = 'held' and person = any(${confirmed}::uuid[]) returning 1`);
    if (rows.length === 0) throw new AppError('campaign-nobody');
    await moveCampaign(tx, ctx.workspace, id, ['sent'], 'sending', sql`finished_at = null`);
    await deps.workSoon(tx);
    return rows.length;
  });
}

async function ready(
  deps: CampaignDeps,
  { workspace }: Ctx,
  { kind, definition: { variants } }: CampaignRow,
): Promise<void> {
  if (variants.some(({ subject, text }) => text.trim() === '' || (kind === 'mail' && subject.trim() === '')))
    throw new AppError('campaign-empty-letter');
  const channel = await deps.channels.find(workspace, kind);
  if (!channel?.enabled) throw new AppError(kind === 'mail' ? 'mail-not-set-up' : 'sms-not-set-up');
}

async function lock(tx: Tx, workspace: string, id: string): Promise<CampaignRow> {
  const [row] = await tx.query<CampaignRow>(
    sql`select * from ${tableOf(workspace, 'campaign')} where id = ${id}::uuid for update`,
  );
  if (!row) throw new AppError('not-found');
  return row;
}

/** @returns records whose address is to be confirmed first */
async function applyGate(tx: Tx, workspace: string, id: string, { how, below }: GateChoice): Promise<string[]> {
  // What an earlier choice took out, before somebody refused his approval.
  await tx.query(sql`update ${tableOf(workspace, 'campaign_recipient')} set state = 'ready', reason = null
    where campaign = ${id}::uuid and (state = 'held' or (state = 'excluded' and reason = 'unsure'))`);
  if (how === 'leave-out') await leaveOut(tx, workspace, id, 'unsure', sql`confidence < ${below ?? 0.5}::real`);
  if (how !== 'confirm') return [];
  const rows = await tx.query<{
    person: string;
  }>(sql`update ${tableOf(workspace, 'campaign_recipient')} set state = 'held'
    where campaign = ${id}::uuid and state = 'ready' and stale returning person`);
  return rows.map(({ person }) => person);
}

const PORTION = 5000;

/** Who gets which letter. @returns how many are to get one */
async function shareOut(
  tx: Tx,
  workspace: string,
  { id, definition: { variants, split } }: CampaignRow,
): Promise<number> {
  const table = tableOf(workspace, 'campaign_recipient');
  if (variants.length < 2)
    await tx.query(
      sql`update ${table} set cohort = 'rest' where campaign = ${id}::uuid and state in ('ready', 'held')`,
    );
  else {
    const rows = await tx.query<{ id: string; person: string }>(
      sql`select id, person from ${table} where campaign = ${id}::uuid and state in ('ready', 'held')`,
    );
    const shares = rows.map((row) => ({ id: row.id, cohort: cohortOf(id, row.person, split.share) }));
    for (let at = 0; at < shares.length; at += PORTION)
      await tx.query(sql`update ${table} r set cohort = x.cohort
        from jsonb_to_recordset(${JSON.stringify(shares.slice(at, at + PORTION))}::jsonb) as x(id uuid, cohort text) where r.id = x.id`);
  }
  const [row] = await tx.query<{ n: number }>(
    sql`select count(*)::int as n from ${table} where campaign = ${id}::uuid and state = 'ready'`,
  );
  return row?.n ?? 0;
}

/** Who sent what to how many, and what he decided about old addresses: in the log that can be proven. */
async function noteSent(
  deps: CampaignDeps,
  ctx: Ctx,
  { id, kind, definition }: CampaignRow,
  gate: GateChoice,
  recipients: number,
  what: 'asked' | 'sent',
): Promise<void> {
  await deps.audit.append(ctx.workspace, {
    at: ctx.at,
    actor: ctx.actor,
    source: ctx.source,
    kind: 'admin',
    object: definition.audience.of ?? definition.audience.object,
    body: {
      call: 'campaign',
      campaign: id,
      what,
      kind,
      purpose: definition.purpose,
      recipients,
      old: gate.how,
      below: gate.below === null ? null : String(gate.below),
    },
  });
}
