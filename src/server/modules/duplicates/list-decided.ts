import sql, { empty } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';

interface DecidedPair {
  a: string;
  b: string;
  state: 'different' | 'later';
  at: string;
  by: string;
  until: string | null;
}

/** Pairs that somebody told apart or put off, newest first: what was said can be taken back. Only of records the reader sees. */
export async function listDecided(
  deps: DuplicatesDeps,
  ctx: Ctx,
  query: { object: string; limit?: number | undefined; after?: string | undefined },
): Promise<{ pairs: DecidedPair[]; titles: Record<string, string>; next?: string }> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const object = objectOf(catalog, query.object);
  if (!ctx.access.objects[object.name]?.actions.includes('read'))
    throw new AppError('object-unknown', { object: query.object });
  const limit = query.limit ?? 50;
  const after = query.after === undefined ? null : placeOf(query.after);
  const rows = await deps.db.query<{
    a: string;
    b: string;
    state: 'different' | 'later';
    decided_at: Date;
    decided_by: string | null;
    later_until: Date | null;
  }>(sql`
    select a, b, state, decided_at, decided_by, later_until from ${tableOf(ctx.workspace, 'duplicate_pair')}
    where object = ${object.id} and state in ('different', 'later') and decided_at is not null
      and (later_until is null or later_until > ${ctx.at}::timestamptz)
      ${after ? sql`and (decided_at, a, b) < (${after.at}::timestamptz, ${after.a}::uuid, ${after.b}::uuid)` : empty}
    order by decided_at desc, a desc, b desc limit ${limit}`);
  const records = rows.flatMap(({ a, b }) => [a, b]).map((record) => ({ object: object.name, record }));
  const titles = await visibleTitles(deps.read, ctx, catalog, records);
  const last = rows.at(-1);
  return {
    pairs: rows
      .filter(({ a, b }) => titles.has(a) && titles.has(b))
      .map(({ a, b, state, decided_at, decided_by, later_until }) => ({
        a,
        b,
        state,
        at: decided_at.toISOString(),
        by: decided_by ?? 'system',
        until: later_until?.toISOString() ?? null,
      })),
    titles: Object.fromEntries(titles),
    ...(last && rows.length === limit && { next: `${last.decided_at.toISOString()}_${last.a}_${last.b}` }),
  };
}

function placeOf(text: string): { at: string; a: string; b: string } {
  const [at = '', a = '', b = ''] = text.split('_');
  if (Number.isNaN(Date.parse(at)) || !UUID.test(a) || !UUID.test(b))
    throw new AppError('bad-request', { detail: 'after' });
  return { at, a, b };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
