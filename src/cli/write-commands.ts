import { createWriteStream } from 'node:fs';
import { extname } from 'node:path';
import { issueSentence } from '../contract/issue-sentence.ts';
import type { VerifyMethod } from '../domain/change/types.ts';
import type { Filter } from '../domain/filter/types.ts';
import { createMarks, prepareExport } from '../server/modules/exports/index.ts';
import { openKeys } from '../server/platform/keys.ts';
import { objectOf } from '../server/records/catalog/lookup.ts';
import { print } from './output.ts';
import { WORKSPACE, withSession } from './session.ts';

interface Common {
  json?: boolean;
}

/** `xianke verify OBJECT ID FIELD…`: these values are still right. */
export function runVerify(
  object: string,
  id: string,
  fields: string[],
  options: Common & { method?: string },
): Promise<number> {
  return withSession({}, async ({ engine, lang, ctx }) => {
    const method = (options.method ?? 'other') as VerifyMethod;
    const { outcomes, changeSet } = await engine.write.write(await ctx(), [
      { op: 'update', object, id, verify: { fields, method } },
    ]);
    const definition = objectOf(await engine.catalog.get(WORKSPACE), object);
    const issues = (outcomes[0]?.issues ?? []).map((issue) => issueSentence(issue, definition, lang));
    print(options.json ?? false, { changeSet, outcome: outcomes[0], issues }, () =>
      issues.length > 0 ? issues.join('\n') : lang === 'zh' ? '已记录：仍然正确。' : 'Noted: still right.',
    );
    return outcomes[0]?.status === 'applied' ? 0 : 1;
  });
}

/** `xianke undo CHANGE_SET`. */
export function runUndo(changeSet: string, options: Common): Promise<number> {
  return withSession({}, async ({ engine, lang, ctx }) => {
    const result = await engine.write.undo(await ctx(), changeSet);
    print(options.json ?? false, result, () =>
      lang === 'zh'
        ? `已撤销 ${result.undone} 条；${result.skippedCount} 条之后有人改过，保持不变。`
        : `Undid ${result.undone}; ${result.skippedCount} were changed since and stay as they are.`,
    );
    return 0;
  });
}

/**
 * `xianke export OBJECT FILE`: xlsx, csv or json by the file's ending. Whoever can run it can read the database's files, so nobody is asked to approve it:
 * it is an operator's act, marked, listed among the exports and on the audit log like any other, and it says so.
 */
export function runExport(
  object: string,
  file: string,
  options: Common & { filter?: string; asof?: string; forEditing?: boolean },
): Promise<number> {
  return withSession({}, async ({ engine, config, lang, ctx }) => {
    const ending = extname(file).slice(1).toLowerCase();
    const format = options.forEditing ? 'xlsx' : ending === 'json' || ending === 'xlsx' ? ending : 'csv';
    const filter = options.filter ? (JSON.parse(options.filter) as Filter) : undefined;
    const query = {
      object,
      ...(filter && { filter }),
      ...(options.asof && { asOf: new Date(options.asof).toISOString() }),
    };
    const context = await ctx();
    const marks = createMarks(openKeys(config.dataDir).derive('export marks'));
    const wish = { query, format, forEditing: options.forEditing ?? false } as const;
    const prepared = await prepareExport({ ...engine, marks }, context, wish);
    // Rules are about people who are signed in (modules/approvals/gate.ts).
    if ('approval' in prepared) throw new Error('an operator’s export waits for nobody');
    const { code } = prepared;
    const rows = await prepared.write(createWriteStream(file));
    print(options.json ?? false, { file, format, rows, export: code }, () =>
      lang === 'zh'
        ? `已导出 ${rows} 行到 ${file}\n操作员导出，不经审批；已带标记 ${code}，并记入导出记录和审计日志。`
        : `Exported ${rows} rows to ${file}\nAn operator’s export, without approval; marked ${code}, listed among the exports and on the audit log.`,
    );
    return 0;
  });
}
