import sql from 'sql-template-tag';
import { type Bounce, readBounces } from '../../../domain/campaigns/index.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CampaignDeps } from './deps.ts';

type Outcome = { status: 'hard' | 'soft' | 'none' | 'unknown'; code: string };

/**
 * Reads messages that mail servers sent back and notes them at the letters they are about. Which letter that is, its own signed header says, or the id of the
 * message; who can send us mail can not make any address look dead.
 */
export async function takeBounces(
  deps: Pick<CampaignDeps, 'db' | 'tokens' | 'now'>,
  workspace: string,
  messages: readonly string[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const message of messages) {
    const [bounce] = readBounces(message);
    outcomes.push(bounce ? await note(deps, workspace, bounce) : { status: 'unknown', code: '' });
  }
  return outcomes;
}

async function note(
  deps: Pick<CampaignDeps, 'db' | 'tokens' | 'now'>,
  workspace: string,
  bounce: Bounce,
): Promise<Outcome> {
  const { kind, status, original } = bounce;
  const recipient =
    deps.tokens.read('open', (original['x-letter'] ?? '').trim()) ?? (await byMessageId(deps, workspace, original));
  if (recipient === null) return { status: 'unknown', code: status };
  if (kind === 'none') return { status: kind, code: status };
  // A mailbox that is full today may be gone tomorrow, never the other way round.
  const rows = await deps.db.query(sql`
    update ${tableOf(workspace, 'campaign_recipient')} set bounce = case when bounce = 'hard' then bounce else ${kind} end,
      bounced_at = coalesce(bounced_at, ${deps.now()}::timestamptz), bounce_code = coalesce(bounce_code, ${status}),
      state = case when ${kind} = 'hard' and state in ('sent', 'uncertain', 'queued') then 'bounced' else state end,
      sent_at = coalesce(sent_at, ${deps.now()}::timestamptz)
    where id = ${recipient}::uuid and queued_at is not null returning 1`);
  return { status: rows.length > 0 ? kind : 'unknown', code: status };
}

/** Servers that return but the most important headers return this one: it is the id of the message in the outbox, which nobody can guess. */
async function byMessageId(
  { db }: Pick<CampaignDeps, 'db'>,
  workspace: string,
  original: Record<string, string>,
): Promise<string | null> {
  const id = /^<([0-9a-f-]{36})@/.exec(original['message-id']?.trim() ?? '')?.[1];
  if (id === undefined) return null;
  const [row] = await db.query<{ recipient: string }>(sql`select substr(cause, 10) as recipient from xianke.outgoing
    where id = ${id}::uuid and workspace = ${workspace} and cause like 'campaign:%'`);
  return row?.recipient ?? null;
}
