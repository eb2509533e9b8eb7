import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { createImportSteps, findImport, newImport, startImport } from '../server/modules/imports/index.ts';
import { openFiles } from '../server/platform/files/files.ts';
import { print, progressBar, table } from './output.ts';
import { WORKSPACE, withSession } from './session.ts';

export interface ImportOptions {
  object?: string;
  match?: string;
  mode?: 'update' | 'fill' | 'skip' | 'create';
  dryRun?: boolean;
  json?: boolean;
}

/** `xianke import FILE`: reads, maps, previews and writes a file with the mapping that the page would suggest. */
export function runImport(file: string, options: ImportOptions): Promise<number> {
  return withSession({}, async ({ engine, config, connection, log, lang }) => {
    const path = resolve(file);
    const { size } = await stat(path);
    const files = openFiles(connection.db, config.dataDir, config.uploadLimit);
    const stored = await files.save(createReadStream(path), { workspace: WORKSPACE, name: basename(path), by: 'cli' });
    const bar = progressBar(lang);
    const deps = {
      db: connection.db,
      catalog: engine.catalog,
      write: engine.write,
      workspace: WORKSPACE,
      env: engine.env,
      accessOf: engine.accessOf,
      filePath: (id: string) => files.path(id),
      now: () => new Date(),
    };
    let id = '';
    const steps = createImportSteps(deps, log, () => {
      findImport(connection.db, WORKSPACE, id).then(
        (run) => run.progress && bar.update(run.progress.rows, run.progress.total),
        () => undefined,
      );
    });
    try {
      id = await newImport(connection.db, WORKSPACE, {
        file: stored.id,
        name: basename(path),
        bytes: size,
        by: 'cli',
        role: 'admin',
        lang,
        object: options.object ?? 'customer',
      });
      await steps.advance(id);
      const ready = await findImport(connection.db, WORKSPACE, id, lang);
      if (ready.state === 'ready' && !options.dryRun) {
        const match = options.match?.split(',').filter((name) => name !== '');
        await startImport(connection.db, WORKSPACE, id, {
          ...(options.mode && { onMatch: options.mode }),
          ...(match && { match }),
        });
        await steps.advance(id);
      }
      bar.stop();
      const run = await findImport(connection.db, WORKSPACE, id, lang);
      const counts = run.result ?? run.preview?.counts;
      print(
        options.json ?? false,
        {
          id,
          state: run.state,
          error: run.error,
          counts,
          changeSet: run.changeSet,
          notices: run.notices,
          columns: run.settings?.columns,
        },
        () =>
          run.error
            ? run.error.message
            : [
                table(
                  lang === 'zh' ? ['列', '写入'] : ['Column', 'Goes to'],
                  (run.settings?.columns ?? []).map((column) => [column.header, column.target ?? '—']),
                ),
                ...run.notices.map((notice) => `· ${notice.message}`),
                Object.entries(counts ?? {})
                  .map(([key, value]) => `${key} ${value}`)
                  .join(' · '),
                run.changeSet
                  ? lang === 'zh'
                    ? `撤销：npx xianke undo ${run.changeSet}`
                    : `Undo: npx xianke undo ${run.changeSet}`
                  : '',
              ].join('\n'),
      );
      return run.state === 'done' || (options.dryRun && run.state === 'ready') ? 0 : 1;
    } finally {
      await steps.stop();
    }
  });
}
