import sql from 'sql-template-tag';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { type proposalSchema, proposals } from '../../../contract/proposals.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { acceptProposal } from './accept-proposal.ts';
import { decideProposal, findProposal, listProposals, type StoredProposal } from './proposal-store.ts';

export interface ProposalsDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  ctxOf: MakeCtx;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

const PAGE = 50;

/** The HTTP edge of the review inbox. */
export function proposalsRoutes(app: App, deps: ProposalsDeps): void {
  const { db, ctxOf } = deps;

  route(app, proposals.list, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const rows = await listProposals(db, ctx.workspace, { ...call.query, limit: call.query.limit ?? PAGE });
    const people = rows.flatMap((row) => [row.actor, row.decided_by ?? '']).filter(Boolean);
    const names = await deps.names(ctx.workspace, [...new Set(people)]);
    // Proposals about records the reader may not see stay out of his list.
    const visible = await visibleTitles(deps.read, ctx, catalog, rows);
    const [count] = await db.query<{ n: number }>(
      sql`select count(*)::int as n from ${tableOf(ctx.workspace, 'proposal')} where state = 'held'`,
    );
    const env = deps.env(ctx);
    return {
      proposals: rows.flatMap((row) => {
        const title = visible.get(row.record);
        return title === undefined ? [] : [present(ctx, catalog, env, row, title, names)];
      }),
      held: count?.n ?? 0,
    };
  });

  route(app, proposals.accept, async (call) => {
    const ctx = await ctxOf(call);
    return { changeSet: await acceptProposal(deps, ctx, call.params.id, call.body) };
  });

  route(app, proposals.reject, async (call) => {
    const ctx = await ctxOf(call);
    const proposal = await findProposal(db, ctx.workspace, call.params.id);
    if (!proposal || !ctx.access.objects[proposal.object]?.actions.includes('update')) throw new AppError('not-found');
    // Only whoever could accept it may reject it.
    await deps.read.get(ctx, proposal.object, proposal.record);
    const decision = { state: 'rejected' as const, at: ctx.at, by: ctx.actor, note: call.body.note };
    const first = await db.tx((tx) => decideProposal(tx, ctx.workspace, call.params.id, decision));
    if (!first) throw new AppError('proposal-decided');
    return { ok: true as const };
  });
}

function present(
  ctx: Ctx,
  catalog: Catalog,
  env: ParseEnv,
  row: StoredProposal,
  title: string,
  names: Record<string, string>,
): z.input<typeof proposalSchema> {
  const object = catalog.objects.find((candidate) => candidate.name === row.object);
  const modes = ctx.access.objects[row.object]?.fields ?? {};
  return {
    id: row.id,
    at: row.at.toISOString(),
    object: row.object,
    record: row.record,
    title,
    source: row.source,
    actor: row.actor,
    actorName: names[row.actor] ?? '',
    reason: row.reason,
    state: row.state,
    fields: Object.entries(row.wanted).flatMap(([name, wanted]) => {
      const field = object && fieldOf(object, name);
      const mode = modes[name] ?? modes['*'] ?? 'hidden';
      if (!field || (mode !== 'read' && mode !== 'edit')) return [];
      const text = (value: typeof wanted) =>
        value === null ? '' : fieldType(field.type).format(value, field, ctx.lang, env);
      const before = row.before[name] ?? null;
      const suspicion = suspicionOf(row, name, (amount) => text(String(amount)));
      const shown = {
        field: name,
        label: field.label,
        before,
        beforeText: text(before),
        wanted,
        wantedText: text(wanted),
      };
      return [{ ...shown, ...(suspicion && { suspicion }) }];
    }),
    decidedAt: row.decided_at?.toISOString() ?? null,
    decidedBy: row.decided_by === null ? null : (names[row.decided_by] ?? row.decided_by),
    note: row.note,
    changeSet: row.change_set,
  };
}

function suspicionOf({ suspicions }: StoredProposal, name: string, text: (amount: number) => string) {
  const found = suspicions?.[name];
  if (!found) return undefined;
  const { code, times, usual, meant } = found;
  const usualText = text(Number(usual.toPrecision(2)));
  return { code, times, usualText, ...(meant !== undefined && { meantText: text(meant) }) };
}
