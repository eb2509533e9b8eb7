import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { Run } from './run-store.ts';

interface Reject {
  row: number;
  whole: boolean;
  cells: string[];
  problems: { column: string; text: string; zh: string; en: string }[];
  [column: string]: unknown;
}

const PAGE = 1000;

/** Refused rows and cells with the columns of the original file in front, so that it can be corrected and imported again. */
export async function sendErrorFile(
  db: Db,
  ctx: Ctx,
  run: Run,
  format: 'xlsx' | 'csv',
  reply: FastifyReply,
): Promise<void> {
  const headers = (run.settings?.columns ?? []).map((column) => column.header);
  const own = ctx.lang === 'zh' ? ['原因', '处理', '原文件行号'] : ['Reason', 'What was done', 'Row in the file'];
  const rows = rejectRows(db, ctx, run.id, headers.length);
  const name = `${run.file_name.replace(/\.[^.]*$/, '')}-${ctx.lang === 'zh' ? '未导入' : 'not-imported'}`;
  const { sendTable } = await import('../../platform/tabular/send-table.ts');
  await sendTable(reply, { name, format, header: [...headers, ...own], rows: Readable.from(rows) });
}

async function* rejectRows(db: Db, ctx: Ctx, run: string, width: number): AsyncGenerator<string[]> {
  let after = 0;
  for (;;) {
    const rejects =
      await db.query<Reject>(sql`select row, whole, cells, problems from ${tableOf(ctx.workspace, 'import_reject')}
      where run = ${run} and row > ${after} order by row limit ${PAGE}`);
    if (rejects.length === 0) return;
    for (const reject of rejects) {
      after = reject.row;
      const cells = Array.from({ length: width }, (_, index) => reject.cells[index] ?? '');
      const done =
        ctx.lang === 'zh'
          ? reject.whole
            ? '整行未导入'
            : '已导入,有问题的单元格留空'
          : reject.whole
            ? 'Row not imported'
            : 'Imported without the cells named';
      yield [...cells, reject.problems.map((problem) => problem[ctx.lang]).join('; '), done, String(reject.row)];
    }
  }
}
