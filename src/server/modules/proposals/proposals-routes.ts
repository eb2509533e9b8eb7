import { AppError } from '../../../contract/errors.ts';
import { proposals } from '../../../contract/proposals.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Idempotency } from '../../platform/http/idempotency.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Ctx } from '../../records/types.ts';
import type { ScopeSql } from '../../records/write/types.ts';
import type { MakeCtx } from '../edge.ts';
import {
  type DecideDeps,
  type Decisions,
  decideProposals,
  type FieldVerdict,
  meantOf,
  newBatch,
  type Wish,
} from './decide-proposals.ts';
import { listDecisions } from './list-decisions.ts';
import { countFacets, countOpen, type InboxDeps, listOfRecord, listOpen } from './list-proposals.ts';
import { type PresentDeps, presentProposals } from './present-proposals.ts';
import { findProposals, type StoredProposal } from './proposal-store.ts';
import type { Propose } from './proposing.ts';
import { takeProposals } from './take-proposals.ts';
import { undoDecisions } from './undo-decisions.ts';

export interface ProposalsDeps extends DecideDeps, PresentDeps {
  /** Row scope, with the catalog it goes by. */
  scopeOf: (workspace: string) => Promise<ScopeSql>;
  propose: Propose;
  idempotency: Idempotency;
  ctxOf: MakeCtx;
  /** Some were decided: open pages count anew. */
  moved: () => void;
  rules: {
    /** What a rule was called in the version that decided. */
    names(workspace: string): Promise<(id: string, version: number) => string>;
  };
}

const PAGE = 50;
/** The badge counts no further. */
const MOST = 1000;
/** Proposals that one call decides: about a second of work. */
const PORTION = 100;

/** The HTTP edge of the review inbox. */
export function proposalsRoutes(app: App, deps: ProposalsDeps): void {
  const inbox = async (ctx: Ctx): Promise<[InboxDeps, Ctx, Catalog]> => {
    const [scope, catalog] = await Promise.all([deps.scopeOf(ctx.workspace), deps.catalog.get(ctx.workspace)]);
    return [{ db: deps.db, scope }, ctx, catalog];
  };

  route(app, proposals.list, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { state, before, limit = PAGE, ...narrowing } = call.query;
    const reading = await inbox(ctx);
    const { record } = narrowing;
    const rows =
      record !== undefined && state !== 'held'
        ? await listOfRecord(...reading, { record, state, limit })
        : await listOpen(...reading, narrowing, { after: before, limit });
    const last = rows.at(-1);
    const shown = await presentProposals(deps, ctx, reading[2], rows);
    return { proposals: shown, ...(rows.length === limit && last && { next: last.id }) };
  });

  route(app, proposals.count, async (call) => {
    const reading = await inbox(await deps.ctxOf(call));
    const [all, mine] = await Promise.all([
      countOpen(...reading, {}, MOST),
      countOpen(...reading, { owner: 'me' }, MOST),
    ]);
    return { all, mine, most: MOST };
  });

  route(app, proposals.facets, async (call) => {
    const reading = await inbox(await deps.ctxOf(call));
    const [total, facets] = await Promise.all([countOpen(...reading, call.query), countFacets(...reading, call.query)]);
    return { total, ...facets };
  });

  route(app, proposals.create, async (call) => {
    const ctx = await deps.ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    return deps.idempotency.once(call.request, ctx, (remember) =>
      takeProposals(deps, ctx, catalog, call.body.proposals, remember),
    );
  });

  route(app, proposals.accept, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { fields, meant = [], overwrite, seen, note } = call.body;
    const stored = await find(ctx, call.params.id);
    const wish = wishOf(stored, fields, (name) => (meant.includes(name) ? 'meant' : 'accept'));
    const done = await one(ctx, { ...wish, overwrite, seen }, note);
    return { changeSet: done.changeSets[0] ?? null, batch: done.batch };
  });

  route(app, proposals.reject, async (call) => {
    const ctx = await deps.ctxOf(call);
    const stored = await find(ctx, call.params.id);
    const done = await one(
      ctx,
      wishOf(stored, call.body.fields, () => 'reject'),
      call.body.note,
    );
    return { ok: true as const, batch: done.batch };
  });

  route(app, proposals.decide, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { decision, items, matching, after, batch = newBatch(), note } = call.body;
    let next: string | undefined;
    let wished: { stored: StoredProposal; fields?: string[] | undefined }[] = [];
    if (matching) {
      const { upTo, ...narrowing } = matching;
      const rows = await listOpen(...(await inbox(ctx)), narrowing, { after, upTo, limit: PORTION });
      if (rows.length === PORTION) next = rows.at(-1)?.id;
      wished = rows.map((stored) => ({
        stored,
        // “All that match” narrowed to a field means that field.
        fields: narrowing.field === undefined ? undefined : [narrowing.field],
      }));
    } else {
      const stored = await findProposals(deps.db, ctx.workspace, items?.map(({ id }) => id) ?? []);
      wished = (items ?? []).flatMap(({ id, fields }) => {
        const found = stored.get(id);
        return found ? [{ stored: found, fields }] : [];
      });
    }
    const wishes = wished.flatMap(({ stored, fields }): Wish[] => {
      const names = (fields ?? stored.open).filter((name) => decision !== 'meant' || meantOf(stored, name) !== null);
      return names.length > 0 ? [wishOf(stored, names, () => decision, fields === undefined)] : [];
    });
    const done = await decideProposals(deps, ctx, wishes, { batch, note });
    deps.moved();
    return { ...told(done, call.lang), ...(next !== undefined && { next }) };
  });

  route(app, proposals.decisions, async (call) => {
    const ctx = await deps.ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const names = await deps.rules.names(ctx.workspace);
    return listDecisions(deps, ctx, catalog, { ...call.query, limit: call.query.limit ?? PAGE }, names);
  });

  route(app, proposals.undo, async (call) => {
    const ctx = await deps.ctxOf(call);
    const undone = await undoDecisions(deps, ctx, call.body.batch, call.body.decisions);
    deps.moved();
    return undone;
  });

  async function find(ctx: Ctx, id: string): Promise<StoredProposal> {
    const stored = (await findProposals(deps.db, ctx.workspace, [id])).get(id);
    if (!stored || !ctx.access.objects[stored.object]) throw new AppError('not-found');
    return stored;
  }

  async function one(ctx: Ctx, wish: Wish, note: string | undefined): Promise<Decisions> {
    const done = await decideProposals(deps, ctx, [wish], { batch: newBatch(), note });
    const [failure] = done.failed;
    if (failure) throw failure.error;
    deps.moved();
    return done;
  }
}

/** Of the fields that are named; else of all that he may decide on. */
function wishOf(
  stored: StoredProposal,
  fields: string[] | undefined,
  verdict: (name: string) => FieldVerdict,
  lenient = fields === undefined,
): Wish {
  if (stored.state !== 'held') throw new AppError('proposal-decided');
  return {
    id: stored.id,
    lenient,
    fields: Object.fromEntries((fields ?? stored.open).map((name) => [name, verdict(name)])),
  };
}

const told = ({ batch, fields, proposals: n, failed }: Decisions, lang: Lang) => ({
  batch,
  fields,
  proposals: n,
  failed: failed.map(({ id, fields: of, error }) => ({
    id,
    fields: of,
    code: error.code,
    message: error.toProblem(lang).message,
  })),
});
