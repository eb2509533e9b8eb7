import sql from 'sql-template-tag';
import type { Segment } from '../../../contract/campaigns.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Label } from '../../../domain/issue.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { CampaignDeps } from './deps.ts';

/** Counted one after the other, so many at most: more nobody keeps in sight. */
const MOST = 60;

interface ViewRow {
  id: string;
  object: string;
  name: string;
  owner: string | null;
  shared: boolean;
  version: number;
  definition: { filter?: Filter; label?: Label };
  [column: string]: unknown;
}

/** Saved views that have a condition are the segments: one's own and shared ones, with how many are in each now. */
export async function listSegments(deps: Pick<CampaignDeps, 'db' | 'read'>, ctx: Ctx): Promise<Segment[]> {
  const rows = await deps.db.query<ViewRow>(sql`
    select id, object, name, owner, shared, version, definition from ${tableOf(ctx.workspace, 'view_def')}
    where (shared or owner = ${ctx.actor.replace(/^user:/, '')}) and definition ? 'filter'
    order by owner nulls last, position, created_at limit ${MOST}`);
  const segments: Segment[] = [];
  for (const { definition, ...row } of rows) {
    const { filter, label } = definition;
    if (!filter || !ctx.access.objects[row.object]?.actions.includes('read')) continue;
    segments.push({ ...row, filter, ...(label && { label }), count: await countOf(deps, ctx, row.object, filter) });
  }
  return segments;
}

async function countOf(
  deps: Pick<CampaignDeps, 'read'>,
  ctx: Ctx,
  object: string,
  filter: Filter,
): Promise<Segment['count']> {
  try {
    const page = await deps.read.list(ctx, { object, filter, fields: [], page: { limit: 1 }, count: 'capped' });
    return page.count ?? null;
  } catch (error) {
    // A field that is gone, or that this reader may not ask by: the segment stands there without a number.
    if (error instanceof AppError) return null;
    throw error;
  }
}
