import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Label, Lang } from '../domain/issue.ts';
import {
  countSheetChanges,
  createImportSteps,
  findImport,
  newImport,
  startImport,
  takeConflicts,
} from '../server/modules/imports/index.ts';
import { openFiles } from '../server/platform/files/files.ts';
import { print, progressBar, table } from './output.ts';
import { WORKSPACE, withSession } from './session.ts';

export interface ImportOptions {
  object?: string;
  match?: string;
  mode?: 'update' | 'fill' | 'skip' | 'create';
  dryRun?: boolean;
  /** Which side wins where a sheet exported for editing and the system both changed a cell. */
  conflicts?: 'system' | 'file';
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
      read: engine.read,
      write: engine.write,
      sealing: engine.sealing,
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
      if (ready.roundTrip && options.conflicts === 'file') await takeConflicts(connection.db, WORKSPACE, id);
      const sheet = ready.roundTrip && (await countSheetChanges(connection.db, WORKSPACE, id));
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
          ...(sheet ? { roundTrip: { ...run.roundTrip, changes: sheet } } : { columns: run.settings?.columns }),
        },
        () =>
          run.error
            ? run.error.message
            : [
                sheet
                  ? sheetTable(sheet, lang)
                  : table(
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

const SHEET_WORDS: Record<string, Label> = {
  change: { zh: '改动的单元格', en: 'Changed cells' },
  conflict: { zh: '两边都改过', en: 'Changed on both sides' },
  new: { zh: '新增的行', en: 'New rows' },
  verify: { zh: '核实的行', en: 'Rows verified' },
  refused: { zh: '不能写入', en: 'Not allowed' },
  unreadable: { zh: '读不懂', en: 'Unreadable' },
};

/** What a sheet that was exported for editing would change; `taken` is what is written. */
function sheetTable(counts: Record<string, { all: number; taken: number }>, lang: Lang): string {
  return table(
    lang === 'zh' ? ['与导出时相比', '共', '写入'] : ['Compared with the export', 'All', 'Written'],
    Object.entries(SHEET_WORDS).map(([kind, words]) => [
      words[lang],
      String(counts[kind]?.all ?? 0),
      String(counts[kind]?.taken ?? 0),
    ]),
  );
}
