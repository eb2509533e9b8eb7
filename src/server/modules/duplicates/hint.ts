import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { modeOf } from '../../../domain/access/reach.ts';
import { similar } from '../../../domain/matching/index.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { findCandidates } from './candidates.ts';
import type { DuplicatesDeps } from './deps.ts';
import { judgePair, type Reason } from './found-pairs.ts';
import { readRows } from './list-duplicates.ts';
import { matcherFor } from './match-model.ts';
import { hashedKeys, matchRow } from './matchable.ts';

/** Candidates scored, and matches told. */
const COMPARED = 60;
const TOLD = 5;
/** Less likely ones are noise to somebody who types. */
const LEAST = 0.5;

export interface Match {
  id: string;
  title: string;
  owner: string | null;
  score: number;
  probability: number;
  reasons: Reason[];
}

/**
 * Whom a record that is being typed may be. Compares by fields the caller reads, with records he sees, so that nothing is told by a match that
 * could not be looked up; pairs someone told apart are not brought up again.
 */
export async function hintDuplicates(
  deps: DuplicatesDeps,
  ctx: Ctx,
  typed: { object: string; id?: string | undefined; values: Record<string, unknown> },
): Promise<Match[]> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), typed.object);
  const access = ctx.access.objects[object.name];
  if (!access?.actions.includes('read')) throw new AppError('object-unknown', { object: typed.object });
  const readable = (column: string): boolean => ['read', 'edit'].includes(modeOf(access, column));
  const matcher = await matcherFor(deps.db, ctx.workspace, object, readable);
  const own = { id: typed.id ?? NOBODY, row: matchRow(typed.values, matcher.schema) };
  const keys = hashedKeys(own.row, matcher.schema);
  const found = await findCandidates(deps.db, ctx.workspace, object, keys, COMPARED);
  const apart = await toldApart(deps, ctx, typed.id, found);
  const ids = found.filter((id) => id !== typed.id && !apart.has(id));
  if (ids.length === 0) return [];
  const rows = [...(await readRows(deps, ctx, object, ids)).rows.values()];
  const candidates = rows.map((row) => matchRow(row.values, matcher.schema));
  const likely = similar(matcher, own.row, candidates, LEAST).slice(0, TOLD);
  return likely.flatMap(({ record, index }) => {
    const row = rows[index];
    if (!row) return [];
    const { score, probability, reasons } = judgePair(matcher, own, { id: row.id, row: record });
    const owner = object.owner && readable(object.owner) ? row.values[object.owner] : null;
    return [
      {
        id: row.id,
        title: String(row.values[object.title] ?? ''),
        owner: typeof owner === 'string' ? owner : null,
        score,
        probability,
        reasons,
      },
    ];
  });
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

async function toldApart(
  deps: DuplicatesDeps,
  ctx: Ctx,
  id: string | undefined,
  others: string[],
): Promise<Set<string>> {
  if (id === undefined || others.length === 0) return new Set();
  const rows = await deps.db.query<{ other: string }>(sql`
    select case when a = ${id}::uuid then b else a end as other from ${tableOf(ctx.workspace, 'duplicate_pair')}
    where state = 'different' and (a = ${id}::uuid or b = ${id}::uuid)`);
  return new Set(rows.map(({ other }) => other));
}
