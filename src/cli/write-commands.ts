import { createWriteStream } from 'node:fs';
import { extname } from 'node:path';
import { issueSentence } from '../contract/issue-sentence.ts';
import type { VerifyMethod } from '../domain/change/types.ts';
import type { Filter } from '../domain/filter/types.ts';
import { exportRows } from '../server/modules/records/index.ts';
import { prepareSheet } from '../server/modules/round-trip/index.ts';
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

/** `xianke export OBJECT FILE`: xlsx, csv or json by the file's ending. */
export function runExport(
  object: string,
  file: string,
  options: Common & { filter?: string; asof?: string; forEditing?: boolean },
): Promise<number> {
  return withSession({}, async ({ engine, lang, ctx }) => {
    const ending = extname(file).slice(1).toLowerCase();
    const format = options.forEditing ? 'xlsx' : ending === 'json' || ending === 'xlsx' ? ending : 'csv';
    const filter = options.filter ? (JSON.parse(options.filter) as Filter) : undefined;
    const query = {
      object,
      ...(filter && { filter }),
      ...(options.asof && { asOf: new Date(options.asof).toISOString() }),
    };
    const context = await ctx();
    const rows = options.forEditing
      ? await (await prepareSheet(engine, context, query)).write(createWriteStream(file))
      : await exportRows(engine, context, query, format, createWriteStream(file));
    print(options.json ?? false, { file, format, rows }, () =>
      lang === 'zh' ? `已导出 ${rows} 行到 ${file}` : `Exported ${rows} rows to ${file}`,
    );
    return 0;
  });
}
