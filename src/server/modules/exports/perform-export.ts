import { PassThrough } from 'node:stream';
import { AppError } from '../../../contract/errors.ts';
import type { Files } from '../../platform/files/files.ts';
import type { Perform } from '../approvals/index.ts';
import { forgetFile, keepFile, readExportSettings } from './export-store.ts';
import { type MakeDeps, prepareExport } from './make-export.ts';
import type { ExportWish } from './wish.ts';

const HOUR_MS = 3_600_000;
/** More than this beyond what was agreed to is another export. */
const GROWTH = 1.1;
const SLACK = 20;

/** Writes an approved export into a file that can be fetched until it expires. Throws `export-grew` when it finds far more than was agreed to. */
export function performExport(deps: MakeDeps & { files: Files; fileLimit: number }): Perform {
  return async (ctx, content, once) => {
    const { size, ...wish } = content as ExportWish & { size: number };
    const found = await deps.read.list(ctx, {
      ...wish.query,
      purpose: 'export',
      page: { limit: 1 },
      count: 'exact',
    });
    const now = found.count?.value ?? 0;
    if (now > size * GROWTH + SLACK) throw new AppError('export-grew', { asked: size, now });
    const prepared = await prepareExport(deps, ctx, wish);
    if ('approval' in prepared) throw new Error('an approved export asks for nothing');
    const { id, name } = prepared;
    const body = new PassThrough({ highWaterMark: 1024 * 1024 });
    const writing = prepared.write(body).catch((error: Error) => {
      body.destroy(error);
      throw error;
    });
    const [saved] = await Promise.all([
      deps.files.save(body, { workspace: ctx.workspace, name, by: ctx.actor, limit: deps.fileLimit }),
      writing,
    ]);
    const { hours } = await readExportSettings(deps.db, ctx.workspace);
    const expiresAt = new Date(ctx.at.getTime() + hours * HOUR_MS);
    try {
      await deps.db.tx(async (tx) => {
        await keepFile(tx, ctx.workspace, id, { file: saved.id, name, expiresAt });
        await once(tx, { export: id });
      });
    } catch (error) {
      // Nobody can have fetched it.
      await deps.files.remove(saved.id);
      await forgetFile(deps.db, ctx.workspace, id);
      throw error;
    }
  };
}
