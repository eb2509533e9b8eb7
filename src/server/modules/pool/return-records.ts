import sql from 'sql-template-tag';
import type { PoolRule } from '../../../contract/pool.ts';
import { addDays } from '../../../domain/fields/calendar.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { notify } from '../reminders/index.ts';
import { type PoolDeps, systemCtx } from './deps.ts';
import { type DueRecord, dueReturns, todayOf } from './due-returns.ts';
import { insertMoves, type PoolMove } from './move-store.ts';
import { readPools } from './settings.ts';

/** Records written in one transaction. */
const PORTION = 200;

/** Tells owners of what goes back soon, and takes back what is due, rule by rule. Done again it does what is left; nothing is told or taken twice. */
export async function tendPool(deps: PoolDeps, workspace: string, signal: AbortSignal): Promise<void> {
  const { rules } = await readPools(deps.db, workspace);
  const { objects } = await deps.catalog.get(workspace);
  for (const rule of rules) {
    if (rule.off || !objects.some(({ name, owner, retired }) => name === rule.object && owner && !retired)) continue;
    if (rule.warn > 0) await inPages(deps, workspace, rule, addDays(todayOf(deps), rule.warn), signal, warn);
    await inPages(deps, workspace, rule, todayOf(deps), signal, giveBack);
  }
}

type Act = (deps: PoolDeps, workspace: string, rule: PoolRule, records: DueRecord[]) => Promise<void>;

async function inPages(
  deps: PoolDeps,
  workspace: string,
  rule: PoolRule,
  until: string,
  signal: AbortSignal,
  act: Act,
): Promise<void> {
  let after: string | null = null;
  while (!signal.aborted) {
    const records: DueRecord[] = await dueReturns(deps, workspace, rule, { until, after, limit: PORTION });
    if (records.length > 0) await act(deps, workspace, rule, records);
    after = records.at(-1)?.id ?? null;
    if (records.length < PORTION) return;
  }
}

/** One notice for each owner and day, however many records. */
async function warn(deps: PoolDeps, workspace: string, rule: PoolRule, records: DueRecord[]): Promise<void> {
  const fresh = records.filter(({ warned }) => !warned);
  const at = deps.now();
  const move = (record: DueRecord): PoolMove => ({
    ...{ at, object: rule.object, record: record.id, kind: 'warned', before: record.owner, after: null },
    ...{ rule: rule.id, due: record.day, actor: 'system' },
  });
  await deps.db.tx(async (tx) => {
    await insertMoves(tx, workspace, fresh.map(move));
    for (const [owner, own] of byOwner(fresh)) {
      const [first] = own;
      if (!first) continue;
      const cause = `pool soon ${rule.id} ${first.id} ${first.day}`;
      await notify(tx, workspace, { account: owner, cause, ...notice('pool-soon', rule, own) }, at);
    }
  });
}

async function giveBack(deps: PoolDeps, workspace: string, rule: PoolRule, records: DueRecord[]): Promise<void> {
  const ready = records.filter(({ warned }) => warned || rule.warn === 0);
  if (ready.length === 0) return;
  const at = deps.now();
  const owner = objectOf(await deps.catalog.get(workspace), rule.object).owner ?? '';
  const ctx = { ...(await systemCtx(deps, workspace, at)), reason: `公海规则：${rule.name}` };
  const changes = ready.map(({ id, version }) => ({
    op: 'update' as const,
    ...{ object: rule.object, id, version, set: { [owner]: null } },
  }));
  await deps.write.write(ctx, changes, {
    kind: 'pool',
    atomic: false,
    reviewed: true,
    alongside: async (tx, { outcomes }) => {
      // Whose owner changed meanwhile stays where it is.
      const gone = ready.filter((_, place) => outcomes[place]?.status === 'applied');
      await insertMoves(
        tx,
        workspace,
        gone.map((record) => ({
          ...{
            at,
            object: rule.object,
            record: record.id,
            kind: 'returned' as const,
            before: record.owner,
            after: null,
          },
          ...{ rule: rule.id, due: null, actor: 'system' },
        })),
      );
      await tx.query(sql`update ${tableOf(workspace, 'claim')} set ended_at = ${at}, ended_by = 'pool'
        where record = any(${gone.map(({ id }) => id)}::uuid[]) and ended_at is null`);
      for (const [account, own] of byOwner(gone)) {
        const [first] = own;
        if (!first) continue;
        const cause = `pool gone ${rule.id} ${first.id} ${at.toISOString()}`;
        await notify(tx, workspace, { account, cause, ...notice('pool-gone', rule, own) }, at);
      }
    },
  });
}

/** About one record it names it; of several, how many: what names a record has to be found when it is erased. */
function notice(kind: 'pool-soon' | 'pool-gone', rule: PoolRule, own: readonly DueRecord[]) {
  const [first] = own;
  const params = { rule: rule.name, day: first?.day ?? '', count: own.length };
  return own.length === 1 && first
    ? { kind, params: { ...params, title: first.title ?? '' }, object: rule.object, record: first.id }
    : { kind: `${kind}-many` as const, params };
}

function byOwner(records: readonly DueRecord[]): Map<string, DueRecord[]> {
  const owners = new Map<string, DueRecord[]>();
  for (const record of records) owners.set(record.owner, [...(owners.get(record.owner) ?? []), record]);
  return owners;
}
