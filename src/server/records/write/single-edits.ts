import { gather } from '../../platform/gather.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import type { Ctx } from '../types.ts';
import { loadStored } from './load.ts';
import type { Draft, Stored, WriteDeps } from './types.ts';
import { type Edit, kindOf, signature, updateStatement } from './update-sql.ts';

/** Edits made by different people at the same moment share a round trip and a commit; each keeps its own change set and outcome. */
export interface SingleEdits {
  /** The record that the draft changes, as it is; undefined when it is not there or out of scope. */
  look(ctx: Ctx, draft: Draft): Promise<Stored | undefined>;
  /** false when someone else was faster; nothing is written then. */
  apply(edit: Edit): Promise<boolean>;
}

const MOST = 64;
/** One at the database while the next is made ready. */
const ABREAST = 2;
/** Milliseconds; a batch that waits for a row which an import holds must not hold up the edits behind it. */
const PATIENCE = 30;

export function singleEdits(deps: Pick<WriteDeps, 'db' | 'scope' | 'reach' | 'indexer'>): SingleEdits {
  const { db, indexer } = deps;
  const look = gather<{ ctx: Ctx; draft: Draft }, Stored | undefined>(
    async (looks) => {
      const [first] = looks;
      if (!first) return [];
      const drafts = looks.map(({ draft }) => draft);
      const stored = await loadStored(db, first.ctx, drafts, deps, false);
      return drafts.map(({ id }) => stored.get(id));
    },
    { most: MOST, abreast: ABREAST, patience: PATIENCE },
  );
  const apply = gather<Edit, boolean>(
    async (edits) => {
      // The text depends on the object and the fields only, so the plan is worth keeping.
      const rows = await queryHot<{ id: string }>(db, updateStatement(edits, indexer));
      const done = new Set(rows.map(({ id }) => id));
      return edits.map(({ effect }) => done.has(effect.draft.id));
    },
    // Of two edits of one record the second must see the first.
    { most: MOST, abreast: ABREAST, patience: PATIENCE, apart: ({ effect }) => effect.draft.id },
  );
  return {
    look(ctx, draft) {
      const rows = [deps.scope(ctx, draft.object), deps.reach(ctx, draft.object)];
      const seen = rows.map((part) => (part ? `${part.text} ${JSON.stringify(part.values)}` : '')).join(' ');
      return look(`${ctx.workspace} ${draft.object.name} ${seen}`, { ctx, draft });
    },
    apply: (edit) => apply(`${edit.ctx.workspace} ${together(edit.effect)}`, edit),
  };
}

/** Edits of which this is the same may share a statement: any fields of one object, but a move to another owner takes others along. */
function together(effect: Edit['effect']): string {
  const { object } = effect.draft;
  const moves = object.owner !== undefined && object.owner in effect.set;
  return moves ? signature(effect) : `${object.name} ${kindOf(effect)}`;
}
