import sql from 'sql-template-tag';
import { linksOf, parseLetter } from '../../../domain/campaigns/index.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { senderOf } from './act-as.ts';
import { type CampaignRow, type Letter, moveCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { addressOf, type Reach, reachOf } from './reach.ts';
import { type RecipientRow, takeReady } from './recipient-store.ts';
import { namesIn, sayOf } from './say.ts';
import { writeLetter, writeText } from './write-letter.ts';

/** Letters handed to the outbox in one transaction. */
const PORTION = 50;
/** While so many are on the way, the server is slow or away: more would only stand before everybody else's mail. */
const BACKLOG = 300;
const MINUTE = 60_000;

/** Who is written to in this run: with two letters on trial only the trial, until one of them was chosen. */
export function cohortsOf({ definition: { variants, split }, winner }: CampaignRow): string[] {
  return variants.length < 2 || split.share >= 1 || winner !== null ? ['a', 'b', 'rest'] : ['a', 'b'];
}

/**
 * Hands letters to the outbox, as many as the rate allows now. A letter and the note that it left are one transaction, and the outbox takes one
 * message per cause: killed anywhere, nobody is written to twice and nobody is forgotten.
 */
export async function sendLetters(
  deps: CampaignDeps,
  workspace: string,
  campaign: CampaignRow,
  signal: AbortSignal,
): Promise<void> {
  const ctx = await senderOf(deps, workspace, campaign);
  const channel = await deps.channels.find(workspace, campaign.kind);
  const problem = !ctx
    ? 'campaign-sender-gone'
    : channel?.enabled
      ? null
      : campaign.kind === 'mail'
        ? 'mail-not-set-up'
        : 'sms-not-set-up';
  if (!ctx || problem !== null) {
    await moveCampaign(deps.db, workspace, campaign.id, ['sending'], 'paused', sql`problem = ${problem}`);
    return;
  }
  if (await deps.isQuiet(workspace)) return;
  while (!signal.aborted) {
    const allowed = await allowance(deps, workspace, campaign);
    if (allowed <= 0 || (await putPortion(deps, ctx, campaign, Math.min(PORTION, allowed))) === 0) return;
  }
}

/** How many may be handed over now. */
async function allowance(
  deps: CampaignDeps,
  workspace: string,
  { id, definition: { rate } }: CampaignRow,
): Promise<number> {
  const now = deps.now();
  const [row] = await deps.db.query<{ hour: number; minute: number; queued: number }>(sql`
    select count(*) filter (where queued_at > ${new Date(now.getTime() - 60 * MINUTE)}::timestamptz)::int as hour,
      count(*) filter (where queued_at > ${new Date(now.getTime() - MINUTE)}::timestamptz)::int as minute,
      count(*) filter (where state = 'queued')::int as queued
    from ${tableOf(workspace, 'campaign_recipient')} where campaign = ${id}::uuid and queued_at is not null`);
  const { hour = 0, minute = 0, queued = 0 } = row ?? {};
  return Math.min(rate - hour, Math.ceil(rate / 60) - minute, BACKLOG - queued);
}

/** @returns how many were taken */
function putPortion(deps: CampaignDeps, ctx: Ctx, campaign: CampaignRow, limit: number): Promise<number> {
  return deps.db.tx(async (tx) => {
    // Stopped meanwhile: who stops it waits for this portion and then nothing more leaves.
    const [still] = await tx.query<CampaignRow>(sql`select * from ${tableOf(ctx.workspace, 'campaign')}
      where id = ${campaign.id}::uuid and state = 'sending' for share`);
    const rows = still ? await takeReady(tx, ctx.workspace, campaign.id, cohortsOf(still), limit) : [];
    if (!still || rows.length === 0) return 0;
    const made = await composerOf(
      deps,
      { ...ctx, at: deps.now() },
      still,
      rows.map(({ person }) => person),
    );
    const done: { id: string; state: string; reason: string | null; variant: Letter; key: string | null }[] = [];
    for (const row of rows) {
      const variant: Letter = row.cohort === 'rest' ? (still.winner ?? 'a') : (row.cohort ?? 'a');
      const found = made.people.get(row.person);
      const reason = found ? found.reason : 'gone';
      if (found && reason === null) await putOne(deps, tx, ctx.workspace, still, row, variant, found, made.write);
      done.push({
        id: row.id,
        state: reason === null ? 'queued' : 'excluded',
        reason,
        variant,
        key: found?.key?.toString('hex') ?? null,
      });
    }
    await tx.query(sql`update ${tableOf(ctx.workspace, 'campaign_recipient')} r
      set state = x.state, reason = x.reason, variant = x.variant, address_key = decode(x.key, 'hex'),
        queued_at = case when x.state = 'queued' then ${deps.now()}::timestamptz end
      from jsonb_to_recordset(${JSON.stringify(done)}::jsonb) as x(id uuid, state text, reason text, variant text, key text)
      where r.id = x.id`);
    return rows.length;
  });
}

type Write = (
  row: RecipientRow,
  variant: Letter,
  found: Reach,
) => { subject: string; text: string; html: string; headers: Record<string, string> };

/** Everything about these people that letters need, read once. */
async function composerOf(deps: CampaignDeps, ctx: Ctx, campaign: CampaignRow, ids: string[]) {
  const { kind, definition, id, owner } = campaign;
  const address = addressOf(await deps.catalog.get(ctx.workspace), { kind, audience: definition.audience });
  const { fields } = namesIn(address.object, definition.variants);
  const wish = { ...address, kind, purpose: definition.purpose, fields, campaign: id };
  const { people, titles } = await reachOf(deps, ctx, wish, ids);
  const firm = await deps.firm(ctx.workspace);
  const sender = (await deps.names(ctx.workspace, [owner]))[owner] ?? '';
  const words = { firm, sender, titles, lang: definition.lang, env: deps.env(ctx) };
  return { people, write: writerOf(deps, campaign, address.object, words) };
}

function writerOf(
  { tokens }: CampaignDeps,
  { kind, definition, origin }: CampaignRow,
  object: ObjectDef,
  words: Parameters<typeof sayOf>[3],
): Write {
  const { variants, tracked, lang } = definition;
  const base = origin ?? '';
  return (row, variant, found) => {
    const letter = variants[variant === 'b' ? 1 : 0] ?? { subject: '', text: '' };
    const say = sayOf(object, found.row, found.plain, words);
    const stop = `${base}/m/u/${tokens.issue('stop', row.id)}`;
    if (kind === 'sms') return { subject: '', text: writeText(letter, { say, lang, stop }), html: '', headers: {} };
    const written = writeLetter(letter, {
      ...{ say, lang, stop, firm: words.firm },
      link: tracked ? (n) => `${base}/m/c/${n}/${tokens.issue(`click ${n}`, row.id)}` : null,
      pixel: tracked ? `${base}/m/o/${tokens.issue('open', row.id)}.gif` : null,
    });
    // RFC 2369, and RFC 8058 where it can be: one click in the mail program, without opening a page.
    const headers = {
      'List-Unsubscribe': `<${stop}>`,
      ...(base.startsWith('https://') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
      // RFC 3834: not an answer to anything, and no holiday note is to answer it.
      'Auto-Submitted': 'auto-generated',
      Precedence: 'bulk',
      // Comes back with what a server returns, and tells whose letter it was.
      'X-Letter': tokens.issue('open', row.id),
    };
    return { ...written, headers };
  };
}

async function putOne(
  deps: CampaignDeps,
  tx: Tx,
  workspace: string,
  { kind, definition: { purpose } }: CampaignRow,
  row: RecipientRow,
  variant: Letter,
  found: Reach,
  write: Write,
): Promise<void> {
  const to = found.address ?? '';
  const written = write(row, variant, found);
  await deps.outbox.put(tx, workspace, {
    channel: kind,
    cause: causeOf(row.id),
    recipient: maskValue(to, { type: kind === 'mail' ? 'email' : 'phone' }) ?? '',
    content: kind === 'mail' ? { to, ...written } : { to, text: written.text },
    about: { person: row.person, purpose, channel: kind },
  });
}

/** One message per recipient, whatever crashes and runs again. */
export const causeOf = (recipient: string): string => `campaign:${recipient}`;

/** Where links of the letters lead: fixed when it begins, so that one that was sent goes on leading there. */
export async function fixLinks(
  tx: Tx,
  workspace: string,
  { id, definition: { variants } }: CampaignRow,
): Promise<void> {
  const table = tableOf(workspace, 'campaign_link');
  await tx.query(sql`delete from ${table} where campaign = ${id}::uuid`);
  const links = variants.flatMap(({ text }, k) =>
    linksOf(parseLetter(text)).map((url, n) => ({ variant: k === 0 ? 'a' : 'b', n, url })),
  );
  if (links.length === 0) return;
  await tx.query(sql`insert into ${table} (campaign, variant, n, url)
    select ${id}::uuid, variant, n, url from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as x(variant text, n int, url text)`);
}
