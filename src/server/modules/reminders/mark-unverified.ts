import sql from 'sql-template-tag';
import type { Change } from '../../../domain/change/types.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { moveClock, readClock } from './clock.ts';
import { type ReminderDeps, systemCtx } from './deps.ts';
import { type ContactSource, contactSource, type Quiet, quietCustomers } from './last-contact.ts';
import { notify } from './notifications.ts';
import { DAY_MS } from './tell-quiet.ts';

/** Field that carries the mark. */
export const STATE_FIELD = 'contact_state';
const PENDING = 'pending';
/** Customers per run and per batch of the write door. */
const MOST = 100_000;
const BATCH = 500;

/**
 * Marks customers without contact for `days` as 待验证, and takes the mark away from those who were really spoken to since. Through the write door,
 * as a rule: in the history, one change set per run that can be undone.
 */
export async function markUnverified(
  deps: ReminderDeps,
  workspace: string,
  days: number,
): Promise<{ marked: number; cleared: number }> {
  const source = contactSource(await deps.catalog.get(workspace));
  if (!source || days === 0) return { marked: 0, cleared: 0 };
  const now = deps.now();
  const cleared = await clearSpokenTo(deps, workspace, source, days, now);
  const name = `unverified:${days}`;
  const since = await deps.db.tx((tx) => readClock(tx, workspace, name, new Date(0)));
  const shift = (at: Date) => new Date(at.getTime() - days * DAY_MS);
  const quiet = await quietCustomers(deps.db, workspace, source, { after: shift(since), until: shift(now) }, MOST);
  if (quiet.length > 0) {
    await ensureField(deps, workspace, source);
    const reason = `超过 ${days} 天没有往来 · no contact for over ${days} days`;
    await writeState(
      deps,
      workspace,
      source,
      quiet.map(({ id }) => id),
      PENDING,
      reason,
      now,
    );
  }
  const last = quiet.length === MOST ? quiet.at(-1)?.last : undefined;
  const upTo = last ? new Date(last.getTime() + days * DAY_MS) : now;
  // After a crash between the writing above and here the same customers are found again: writing the same is no change, and the telling is new.
  await deps.db.tx(async (tx) => {
    await readClock(tx, workspace, name, new Date(0));
    for (const [owner, count] of countByOwner(quiet))
      await notify(
        tx,
        workspace,
        { account: owner, cause: `unverified:${upTo.toISOString()}`, kind: 'unverified', params: { count, days } },
        now,
      );
    await moveClock(tx, workspace, name, upTo);
  });
  return { marked: quiet.length, cleared };
}

/** Marked customers with a contact younger than the term. Looks at those spoken to since it last looked. */
async function clearSpokenTo(
  deps: ReminderDeps,
  workspace: string,
  source: ContactSource,
  days: number,
  now: Date,
): Promise<number> {
  if (!fieldOf(source.customer, STATE_FIELD)) return 0;
  // A day of overlap: notes are sometimes written the next morning.
  const since = await deps.db.tx((tx) => readClock(tx, workspace, 'spoken', new Date(now.getTime() - days * DAY_MS)));
  const window = { after: new Date(since.getTime() - DAY_MS), until: now };
  const spoken = await quietCustomers(deps.db, workspace, source, window, MOST);
  const marked = await deps.db.query<{ id: string }>(sql`select id from ${tableOf(workspace, source.customer.name)}
    where id = any(${spoken.map(({ id }) => id)}::uuid[]) and ${ident(STATE_FIELD)} = ${PENDING}`);
  await writeState(
    deps,
    workspace,
    source,
    marked.map(({ id }) => id),
    null,
    '已重新联系 · in contact again',
    now,
  );
  await deps.db.tx((tx) =>
    moveClock(tx, workspace, 'spoken', spoken.length === MOST ? (spoken.at(-1)?.last ?? now) : now),
  );
  return marked.length;
}

async function writeState(
  deps: ReminderDeps,
  workspace: string,
  source: ContactSource,
  ids: string[],
  state: string | null,
  reason: string,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  const ctx = { ...(await systemCtx(deps, workspace, now)), reason };
  const changeSet = await deps.write.openChangeSet(ctx, 'rule', reason);
  for (let at = 0; at < ids.length; at += BATCH) {
    const changes: Change[] = ids
      .slice(at, at + BATCH)
      .map((id) => ({ op: 'update', object: source.customer.name, id, set: { [STATE_FIELD]: state } }));
    await deps.write.write(ctx, changes, { atomic: false, changeSet });
  }
  await deps.write.closeChangeSet(ctx, changeSet, 'done');
}

/** The field comes into being the first time someone needs it. */
async function ensureField(deps: ReminderDeps, workspace: string, source: ContactSource): Promise<void> {
  if (fieldOf(source.customer, STATE_FIELD)) return;
  await deps.editor.createField(workspace, source.customer.name, {
    name: STATE_FIELD,
    label: { zh: '联系状态', en: 'Contact state' },
    type: 'select',
    options: [{ value: PENDING, label: { zh: '待验证', en: 'To be verified' } }],
    group: '互动行为',
    builtin: true,
  });
}

function countByOwner(customers: Quiet[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { owner } of customers) if (owner !== null) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return counts;
}
