import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { PlainAction } from '../../../contract/mass.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';
import type { Ctx, WriteDoor } from '../types.ts';
import { insertChangeSet } from '../write/change-set.ts';
import { createWriteDoor } from '../write/door.ts';
import type { Tally } from '../write/tally.ts';
import type { Summary, WriteDeps } from '../write/types.ts';
import { type Alongside, applyPortion } from './apply.ts';
import { firstChanging, lookAtClasses, lookAtRows, sampleOf } from './look.ts';
import { planMass } from './plan.ts';
import { endSnoozes } from './set-sql.ts';
import { isSetPlan, type MassCounts, type MassPlan, type MassSample, NONE, type Portion } from './types.ts';
import { undoPortion } from './undo-portion.ts';

export type { MassCounts, MassPlan, MassSample, Portion } from './types.ts';
export { addCounts, NONE } from './types.ts';

/** THE WRITE DOOR for one change to very many records: the same guarantees, in portions that each commit with their place. */
export interface MassDoor {
  /** Reads the action; throws what is wrong with it for all records alike. Read it anew for each portion: permissions and metadata may change. */
  plan(ctx: Ctx, object: string, action: PlainAction): Promise<MassPlan>;
  /** What it would do to `items` (a relation of id and seen), with samples. Counted in SQL; null where each record must be read. */
  look(ctx: Ctx, plan: MassPlan, items: Sql): Promise<{ counts: MassCounts; samples: MassSample[] } | null>;
  /** The same for a portion of records that must be read, and those of them that would change. */
  lookAt(ctx: Ctx, plan: MassPlan, portion: Portion): Promise<{ counts: MassCounts; keep: Portion }>;
  samples(ctx: Ctx, plan: MassPlan, ids: string[]): Promise<MassSample[]>;
  /** Writes a portion and commits it with what `alongside` notes. */
  apply(ctx: Ctx, plan: MassPlan, changeSet: string, portion: Portion, alongside: Alongside): Promise<void>;
  /** A change set that portions write into, in the caller's transaction. */
  open(tx: Tx, ctx: Ctx, kind: string, undoes?: string): Promise<string>;
  /** Counts the set, tells everybody of it once. false: nothing was written into it, so it is gone. */
  close(ctx: Ctx, changeSet: string, status: 'done' | 'cancelled'): Promise<boolean>;
  /** Marks a set as undone by a new one, which portions then write into. Throws when it can't be. */
  beginUndo(tx: Tx, ctx: Ctx, changeSet: string): Promise<string>;
  undo(ctx: Ctx, of: string, into: string, portion: Portion, alongside: Alongside): Promise<void>;
}

export interface MassDeps extends WriteDeps {
  /** Makes sure that policy and catalog of the workspace are those in force. */
  ready(workspace: string): Promise<void>;
  /** Plans due dates of these records anew where they are marked (plan version 0). */
  replan(ctx: Ctx, object: ObjectDef, records: readonly string[]): Promise<void>;
}

/** @param deps with the pool that yields to people's work */
export function createMassDoor(deps: MassDeps): MassDoor {
  const { db } = deps;
  const write: WriteDoor = createWriteDoor(deps);

  async function replanned(ctx: Ctx, objects: ObjectDef[], { records }: Portion): Promise<void> {
    for (const object of objects) await deps.replan(ctx, object, records);
  }

  return {
    async plan(ctx, object, action) {
      await deps.ready(ctx.workspace);
      return planMass(deps, db, ctx, object, action);
    },
    async look(ctx, plan, items) {
      if (!isSetPlan(plan)) return null;
      const counts = await lookAtClasses(db, deps, ctx, plan, items);
      const ids = await firstChanging(db, deps, ctx, plan, items);
      return { counts, samples: await sampleOf(db, deps, ctx, plan, ids) };
    },
    async lookAt(ctx, plan, portion) {
      if (isSetPlan(plan)) throw new Error('this plan is counted');
      return lookAtRows(db, deps, ctx, plan, portion);
    },
    samples: (ctx, plan, ids) => sampleOf(db, deps, ctx, plan, ids),
    async apply(ctx, plan, changeSet, portion, alongside) {
      await applyPortion(deps, write.write, db, { ctx, plan, changeSet, portion, alongside });
      if (plan.path === 'set' && plan.replans) await replanned(ctx, [plan.object], portion);
    },
    async open(tx, ctx, kind, undoes) {
      const id = uuidv7();
      await tx.query(
        insertChangeSet(ctx, { id, kind, status: 'running', summary: { counts: {} }, ...(undoes && { undoes }) }),
      );
      return id;
    },
    async close(ctx, changeSet, status) {
      const empty =
        await db.query(sql`delete from ${tableOf(ctx.workspace, 'change_set')} s where id = ${changeSet} and undoes is null
        and not exists (select from ${tableOf(ctx.workspace, 'delta')} where change_set = ${changeSet}::uuid) returning id`);
      if (empty.length > 0) return false;
      await db.query(endSnoozes(ctx.workspace, changeSet));
      await write.closeChangeSet(ctx, changeSet, status);
      return true;
    },
    beginUndo: (tx, ctx, changeSet) => beginUndo(tx, ctx, changeSet),
    async undo(ctx, of, into, portion, alongside) {
      await deps.ready(ctx.workspace);
      const catalog = await deps.catalog.get(ctx.workspace);
      await db.tx(async (tx) => {
        const tally: Tally = { undone: 0, skipped: [], skippedCount: 0, counts: {} };
        await undoPortion(tx, deps, ctx, catalog, of, into, portion.records, tally);
        const refused: MassCounts['refused'] = tally.skippedCount > 0 ? { 'mass-touched': tally.skippedCount } : {};
        await alongside(tx, { ...NONE, change: tally.undone, refused });
      });
      await replanned(ctx, catalog.objects, portion);
    },
  };
}

async function beginUndo(tx: Tx, ctx: Ctx, id: string): Promise<string> {
  const sets = tableOf(ctx.workspace, 'change_set');
  const [set] = await tx.query<{
    actor: string;
    kind: string;
    status: string;
    undoes: string | null;
    summary: Partial<Summary>;
  }>(sql`select actor, kind, status, undoes, summary from ${sets} where id = ${id} for update`);
  if (!set || (!ctx.access.admin && set.actor !== ctx.actor)) throw new AppError('change-set-unknown');
  if (set.kind === 'merge' || set.kind === 'unmerge') throw new AppError('undo-is-unmerge');
  if (set.kind === 'erase' || set.kind === 'anonymise') throw new AppError('undo-erased');
  const made = Object.values(set.summary.counts ?? {}).some((counts) => (counts.created ?? 0) > 0);
  if (made || (set.status !== 'done' && set.status !== 'cancelled'))
    throw new AppError('change-set-not-undoable', { status: made ? 'created' : set.status });
  const undo = uuidv7();
  await tx.query(
    insertChangeSet(ctx, { id: undo, kind: 'undo', status: 'running', summary: { counts: {} }, undoes: id }),
  );
  // From now on nobody else can take it back.
  await tx.query(sql`update ${sets} set status = 'undone', undone_by = ${undo} where id = ${id}`);
  // Undoing an undo brings the first set back into force.
  if (set.undoes) await tx.query(sql`update ${sets} set status = 'done', undone_by = null where id = ${set.undoes}`);
  return undo;
}
