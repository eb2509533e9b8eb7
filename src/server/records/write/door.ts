import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Change, Outcome } from '../../../domain/change/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';
import { openForDrafts, sealEffects, sealHolds, touchesSealed } from '../sealed/in-writes.ts';
import type { Ctx, WriteDoor, WriteOptions, WriteResult } from '../types.ts';
import { applyEffects, Overtaken } from './apply.ts';
import { insertChangeSet, summarise } from './change-set.ts';
import { decide } from './decide.ts';
import { loadHolders, lockClaims, mayDouble } from './distinct.ts';
import { amountsIn, isJudged, loadOwnValues, type OwnValues, type RuleJudge } from './guard.ts';
import { joiningRounds, splitReferences } from './joining.ts';
import { loadClaimed, loadLaterChanges, loadStored, loadSurroundings } from './load.ts';
import { numberDrafts } from './numbering.ts';
import { isContention, uniqueViolation } from './pg-errors.ts';
import { errorsOf, prepare } from './prepare.ts';
import { singleEdits } from './single-edits.ts';
import type { Decision, Draft, Effect, Stored, Summary, WriteDeps } from './types.ts';
import { undoChangeSet } from './undo.ts';

/** How often a batch is looked at again when others are faster; the second time on with its rows locked. */
const ATTEMPTS = 6;

export function createWriteDoor(deps: WriteDeps): WriteDoor {
  const singles = singleEdits(deps);

  async function write(ctx: Ctx, changes: Change[], options: WriteOptions = {}): Promise<WriteResult> {
    const catalog = await deps.catalog.get(ctx.workspace);
    const env = deps.env(ctx);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const drafts = prepare(ctx, catalog, deps.plans, changes, env, options.canonical, options.joining);
      if (options.respelled) for (const draft of drafts) draft.respelled = true;
      try {
        const single = attempt === 1 ? await trySingle(ctx, catalog, drafts, options) : null;
        if (single === 'overtaken') continue;
        if (single) return single;
        // Whatever has to be read anew for judging is read before a connection is held: all of them might wait for one more.
        if (!options.reviewed) await deps.guard.ready(ctx.workspace);
        return await writeBatch(ctx, catalog, drafts, options);
      } catch (error) {
        // Overtaken, deadlock, or a unique value that came in between: look again.
        const again = error instanceof Overtaken || isContention(error) || uniqueViolation(error);
        if (!again || attempt === ATTEMPTS) throw again ? new AppError('write-contended', {}, { cause: error }) : error;
      }
    }
    throw new AppError('write-contended');
  }

  /** One plain edit: two round trips, no explicit transaction. null: not such a batch. */
  async function trySingle(
    ctx: Ctx,
    catalog: Catalog,
    drafts: Draft[],
    options: WriteOptions,
  ): Promise<WriteResult | null | 'overtaken'> {
    const [draft] = drafts;
    if (!draft || drafts.length > 1 || draft.change.op !== 'update') return null;
    if (options.changeSet || options.alongside || options.dryRun || options.joining) return null;
    // What nobody else may hold is looked up behind a lock.
    if (mayDouble(draft)) return null;
    const stored = new Map<string, Stored>();
    const found = errorsOf(draft.issues).length === 0 ? await singles.look(ctx, draft) : undefined;
    if (found) stored.set(draft.id, found);
    const [decision] = await decideOn(deps.db, ctx, catalog, drafts, stored, options);
    // What is held is kept in a transaction with the rest.
    if (!decision || decision.hold) return null;
    if (decision.effect?.kind !== 'update') return { changeSet: null, outcomes: [decision.outcome] };
    const head = {
      id: uuidv7(),
      kind: options.kind ?? 'edit',
      status: 'done' as const,
      summary: summarise([decision.effect]),
    };
    const [effect] = touchesSealed(drafts)
      ? await sealEffects(deps.sealing, deps.db, ctx, [decision.effect])
      : [decision.effect];
    if (effect?.kind !== 'update') throw new Error('sealing keeps the kind');
    if (!(await singles.apply({ ctx, changeSet: head.id, effect, head }))) return 'overtaken';
    announce(ctx, head.id, head.kind, head.summary);
    return { changeSet: head.id, outcomes: [decision.outcome] };
  }

  async function writeBatch(ctx: Ctx, catalog: Catalog, drafts: Draft[], options: WriteOptions): Promise<WriteResult> {
    const atomic = options.atomic ?? true;
    const id = options.changeSet ?? uuidv7();
    const kind = options.kind ?? 'edit';
    const written: Effect[] = [];
    const result = await deps.db
      .tx(async (tx) => {
        const outcomes: Outcome[] = new Array(drafts.length);
        const rounds = options.joining ? joiningRounds(drafts) : splitRounds(drafts);
        for (const [index, round] of rounds.entries()) {
          if (!options.dryRun) await numberDrafts(tx, ctx, round, deps.env(ctx).timeZone);
          const decisions = await lookAndDecide(tx, ctx, catalog, round, options, true);
          const decided = decisions.flatMap((decision) => decision.effect ?? []);
          const sealed = touchesSealed(round);
          for (const [place, decision] of decisions.entries()) outcomes[round[place]?.index ?? 0] = decision.outcome;
          if (atomic && decisions.some(failed)) throw new NothingWritten(withFailed(drafts, outcomes));
          // A dry run is rolled back; it only writes what later rounds of the same batch must see.
          if (options.dryRun && index === rounds.length - 1) continue;
          if (index === 0 && !options.changeSet && decided.length + rounds.length > 1)
            await tx.query(insertChangeSet(ctx, { id, kind, status: 'done', summary: { counts: {} } }));
          const effects = sealed ? await sealEffects(deps.sealing, tx, ctx, decided) : decided;
          await applyEffects(tx, ctx, id, effects, deps.indexer);
          const holds = decisions.flatMap((decision) => decision.hold ?? []);
          if (holds.length > 0 && !options.dryRun) {
            const kept = sealed ? await sealHolds(deps.sealing, tx, ctx, holds) : holds;
            const approval = await deps.guard.hold(tx, ctx, kept);
            for (const [place, { hold }] of decisions.entries()) {
              const outcome = outcomes[round[place]?.index ?? 0];
              if (hold?.approval && approval !== undefined && outcome) outcome.approval = approval;
            }
          }
          written.push(...effects);
        }
        if (options.dryRun) throw new NothingWritten(outcomes);
        const result: WriteResult = { changeSet: written.length > 0 ? id : null, outcomes };
        if (!options.changeSet) await finishSet(tx, ctx, id, written, rounds.length);
        await options.alongside?.(tx, result);
        return result;
      })
      .catch((error: unknown) => {
        if (error instanceof NothingWritten) return { changeSet: null, outcomes: error.outcomes };
        throw error;
      });
    if (result.changeSet) announce(ctx, id, kind, summarise(written));
    return result;
  }

  async function lookAndDecide(
    on: Tx,
    ctx: Ctx,
    catalog: Catalog,
    drafts: Draft[],
    options: WriteOptions,
    lock: boolean,
  ): Promise<Decision[]> {
    const [pointing, own] = splitReferences(drafts.filter((draft) => errorsOf(draft.issues).length === 0));
    const stored = await loadStored(on, ctx, own, deps, lock);
    // A merge takes along everything that points to its records, whoever may see it: nothing may be left pointing to the bin.
    if (pointing.length > 0)
      for (const entry of await loadStored(on, ctx, pointing, { scope: () => null }, lock)) stored.set(...entry);
    await lockClaims(on, ctx, own, stored);
    return decideOn(on, ctx, catalog, drafts, stored, options);
  }

  async function decideOn(
    on: Queryable,
    ctx: Ctx,
    catalog: Catalog,
    drafts: Draft[],
    stored: Map<string, Stored>,
    options: WriteOptions,
  ): Promise<Decision[]> {
    const healthy = drafts.filter((draft) => errorsOf(draft.issues).length === 0);
    const objects = new Map(catalog.objects.map((object) => [object.name, object]));
    if (touchesSealed(healthy)) await openForDrafts(deps.sealing, on, ctx, healthy, stored);
    if (deps.erased && healthy.some(({ change }) => change.op === 'create') && (await deps.erased.any(ctx.workspace)))
      await deps.erased.notice(on, ctx, healthy);
    const around = await loadSurroundings(on, ctx, healthy, stored, objects, deps.sealing);
    around.claimed = await loadClaimed(on, ctx, healthy);
    around.holders = await loadHolders(on, ctx, healthy, stored, objects);
    const outdated = healthy.flatMap((draft) => {
      const seen = draft.change.version;
      const now = stored.get(draft.id)?.row.version;
      return seen !== undefined && now !== undefined && seen < now ? [{ id: draft.id, version: seen }] : [];
    });
    const later = await loadLaterChanges(on, ctx, outdated);
    const own = options.reviewed ? undefined : await ownValues(on, ctx, healthy, stored);
    const { plans, guard } = deps;
    const rules = options.reviewed ? null : await holdRules(ctx);
    const approvals = options.reviewed || !guard.approvals ? null : await approvalRules(ctx);
    const { confirmedAt } = options;
    return decide(drafts, { ctx, plans, stored, around, later, confirmedAt, guard, own, rules, approvals });
  }

  async function holdRules(ctx: Ctx): Promise<RuleJudge | null> {
    if (!deps.guard.rules) return null;
    await deps.guard.ready(ctx.workspace);
    return deps.guard.rules(ctx);
  }

  async function approvalRules(ctx: Ctx): Promise<ReturnType<NonNullable<typeof deps.guard.approvals>>> {
    await deps.guard.ready(ctx.workspace);
    return deps.guard.approvals?.(ctx) ?? null;
  }

  async function ownValues(
    on: Queryable,
    ctx: Ctx,
    drafts: Draft[],
    stored: Map<string, Stored>,
  ): Promise<OwnValues | undefined> {
    if (!isJudged(ctx) || !drafts.some((draft) => amountsIn(draft).length > 0)) return undefined;
    await deps.guard.ready(ctx.workspace);
    return loadOwnValues(on, ctx, drafts, stored);
  }

  function announce(ctx: Ctx, changeSet: string, kind: string, summary: Summary): void {
    deps.committed({ workspace: ctx.workspace, changeSet, actor: ctx.actor, kind, summary });
  }

  return {
    write,
    async openChangeSet(ctx, kind, reason) {
      const id = uuidv7();
      const head = { id, kind, status: 'running' as const, summary: { counts: {} } };
      await deps.db.query(insertChangeSet(reason === undefined ? ctx : { ...ctx, reason }, head));
      return id;
    },
    async closeChangeSet(ctx, id, status) {
      const counts = await countSet(deps.db, ctx, await deps.catalog.get(ctx.workspace), id);
      await deps.db.query(sql`update ${tableOf(ctx.workspace, 'change_set')}
        set status = ${status}, txid = pg_current_xact_id(), summary = ${JSON.stringify({ counts })}::jsonb
        where id = ${id} and status = 'running'`);
      announce(ctx, id, 'bulk', { counts });
    },
    async undo(ctx, changeSet) {
      const { result, summary } = await undoChangeSet(deps, ctx, changeSet);
      announce(ctx, result.changeSet, 'undo', summary);
      return result;
    },
  };
}

/** Leaves the transaction without a trace and carries the outcomes out. */
class NothingWritten extends Error {
  readonly outcomes: Outcome[];
  constructor(outcomes: Outcome[]) {
    super('nothing written');
    this.outcomes = outcomes;
  }
}

function failed(decision: Decision): boolean {
  return decision.outcome.status === 'rejected' || decision.outcome.status === 'conflict';
}

/** Of an atomic batch with a failure nothing was written: say so for the good ones too. */
function withFailed(drafts: Draft[], outcomes: Outcome[]): Outcome[] {
  return drafts.map((draft) => {
    const outcome = outcomes[draft.index];
    if (!outcome) return { status: 'unchanged', object: draft.object.name, id: draft.id };
    return outcome.status === 'applied' ? { ...outcome, status: 'unchanged' as const } : outcome;
  });
}

/** A record that occurs twice in a batch is changed in two rounds, the second seeing the first. */
function splitRounds(drafts: Draft[]): Draft[][] {
  const rounds: Draft[][] = [];
  const seen = new Map<string, number>();
  for (const draft of drafts) {
    const round = seen.get(draft.id) ?? 0;
    seen.set(draft.id, round + 1);
    const list = rounds[round];
    if (list) list.push(draft);
    else rounds[round] = [draft];
  }
  return rounds;
}

/** Sets made before it was known what becomes of them get their summary; one with nothing in it goes. */
async function finishSet(tx: Tx, ctx: Ctx, id: string, written: Effect[], rounds: number): Promise<void> {
  const table = tableOf(ctx.workspace, 'change_set');
  if (written.length > 0)
    await tx.query(sql`update ${table} set summary = ${JSON.stringify(summarise(written))}::jsonb where id = ${id}`);
  else if (rounds > 0) await tx.query(sql`delete from ${table} where id = ${id}`);
}

/** Totals of a set that many batches wrote into. */
async function countSet(on: Queryable, ctx: Ctx, catalog: Catalog, id: string): Promise<Summary['counts']> {
  const counts: Summary['counts'] = {};
  const rows = await on.query<{ object: number; kind: string; n: number }>(
    sql`select object, kind::text as kind, count(*)::int as n from ${tableOf(ctx.workspace, 'delta')} where change_set = ${id} group by 1, 2`,
  );
  const words = { u: 'updated', v: 'verified', e: 'signalled', d: 'deleted', r: 'restored' } as const;
  for (const object of catalog.objects) {
    const [created] = await on.query<{ n: number }>(
      sql`select count(*)::int as n from ${tableOf(ctx.workspace, object.name)} where created_in = ${id}`,
    );
    const entry: Summary['counts'][string] = {};
    if (created && created.n > 0) entry.created = created.n;
    for (const row of rows)
      if (row.object === object.id) entry[words[row.kind as keyof typeof words] ?? 'updated'] = row.n;
    if (Object.keys(entry).length > 0) counts[object.name] = entry;
  }
  return counts;
}
