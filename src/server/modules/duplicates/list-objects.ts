import type { z } from 'zod';
import type { duplicates } from '../../../contract/duplicates.ts';
import type { Ctx } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';
import { nextScanAt } from './duplicates-jobs.ts';
import { countOpen } from './list-duplicates.ts';
import { scannedAt } from './match-model.ts';
import { matchableObjects } from './matchable.ts';
import { scansOf } from './scan-progress.ts';

type ComparedObject = z.input<NonNullable<typeof duplicates.objects.response>>['objects'][number];

/** What is compared, how much waits, and when it is looked through: what the reader sees of it. */
export async function listObjects(deps: DuplicatesDeps, ctx: Ctx): Promise<ComparedObject[]> {
  const objects = matchableObjects(await deps.catalog.get(ctx.workspace)).filter(({ name }) =>
    ctx.access.objects[name]?.actions.includes('read'),
  );
  const scans = await scansOf(deps.db, ctx.workspace);
  return Promise.all(
    objects.map(async (object) => {
      const [open, scanned] = await Promise.all([
        countOpen(deps, ctx, object),
        scannedAt(deps.db, ctx.workspace, object),
      ]);
      const actions = ctx.access.objects[object.name]?.actions ?? [];
      return {
        object: object.name,
        label: object.plural,
        open,
        scannedAt: scanned?.toISOString() ?? null,
        nextScanAt: nextScanAt(ctx.at).toISOString(),
        scan: scans.get(object.id) ?? null,
        may: { merge: actions.includes('merge'), decide: actions.includes('update') },
      };
    }),
  );
}
