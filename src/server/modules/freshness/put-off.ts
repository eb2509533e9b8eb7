import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

export type Unreached = 'no-answer' | 'refused' | 'wrong-number' | 'off';

/** Days until the next try: a busy line clears by tomorrow, a refusal wants rest. */
const REST_DAYS: Record<Unreached, number> = { 'no-answer': 1, off: 3, refused: 14, 'wrong-number': 7 };
const DAY_MS = 86_400_000;

/** Notes a failed try to reach a customer and takes him off the list for a while. */
export async function cannotReach(tx: Tx, ctx: Ctx, bundle: string, how: Unreached, note?: string): Promise<Date> {
  await tx.query(sql`insert into ${tableOf(ctx.workspace, 'contact_attempt')} (id, bundle, at, actor, outcome, note)
    values (${uuidv7()}, ${bundle}, ${ctx.at}, ${ctx.actor}, ${how}, ${note ?? null})`);
  return putOff(tx, ctx, bundle, REST_DAYS[how]);
}

/** Puts a customer off for some days, with the reason. */
export async function snooze(tx: Tx, ctx: Ctx, bundle: string, days: number, reason: string): Promise<Date> {
  const until = await putOff(tx, ctx, bundle, days);
  await tx.query(sql`insert into ${tableOf(ctx.workspace, 'snooze')} (bundle, at, actor, until, reason)
    values (${bundle}, ${ctx.at}, ${ctx.actor}, ${until}, ${reason}) on conflict do nothing`);
  return until;
}

async function putOff(tx: Tx, ctx: Ctx, bundle: string, days: number): Promise<Date> {
  const until = new Date(ctx.at.getTime() + days * DAY_MS);
  const rows = await tx.query(sql`update ${tableOf(ctx.workspace, 'freshness')} set snoozed_until = ${until}
    where bundle = ${bundle} returning record`);
  if (rows.length === 0) throw new AppError('record-unknown');
  return until;
}
