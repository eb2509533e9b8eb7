import type { Ctx, Query, Row } from '../types.ts';
import { streamAsOf } from './as-of.ts';
import type { Cursor } from './cursor.ts';
import { addFreshness } from './freshness-rows.ts';
import { readPage } from './list.ts';
import { type ReadDeps, readQuery } from './source.ts';

/** Large enough that collecting the matches of a sparse filter anew for each page costs little. */
const PAGE = 2_000;

/** All matching rows in keyset pages: constant memory, and no snapshot held open while a slow client reads. */
export async function* stream(deps: ReadDeps, ctx: Ctx, query: Query): AsyncGenerator<Row[]> {
  if (query.asOf !== undefined) {
    yield* streamAsOf(deps, ctx, query, 500);
    return;
  }
  const source = await readQuery(deps, ctx, query);
  let after: Cursor | null = null;
  do {
    const page: { rows: Row[]; next?: Cursor } = await readPage(deps.db, source, PAGE, after);
    if (query.freshness) await addFreshness(deps.db, source, page.rows);
    if (page.rows.length > 0) yield page.rows;
    after = page.next ?? null;
  } while (after);
}
