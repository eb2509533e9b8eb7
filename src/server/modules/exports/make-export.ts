import type { Writable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import type { Pending } from '../../../contract/approvals.ts';
import { AppError } from '../../../contract/errors.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Provenance } from '../../platform/tabular/provenance.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx } from '../../records/types.ts';
import type { Gate } from '../approvals/index.ts';
import { type ExportDeps, exportRows, type Making } from '../records/index.ts';
import { prepareSheet, type SheetDeps } from '../round-trip/index.ts';
import { endExport, insertExport, readExportSettings } from './export-store.ts';
import { type Marks, rowMarker } from './marks.ts';
import { RecordSet } from './record-set.ts';
import type { ExportWish } from './wish.ts';

export interface MakeDeps extends ExportDeps, SheetDeps {
  gate: Gate;
  marks: Marks;
}

/** Code in the file that people can read out: XK-E12. */
export const codeOf = (serial: number): string => `XK-E${serial}`;

/** An export that may begin: nothing is written yet. */
export interface PreparedExport {
  id: string;
  /** XK-E12 */
  code: string;
  object: ObjectDef;
  /** What the file is called. */
  name: string;
  write(out: Writable): Promise<number>;
}

/**
 * Every way out of the house goes through here: the right to export, the rules of approval, the marks and the note of it. Throws what is wrong with the query;
 * answers with the request when somebody must agree first.
 */
export async function prepareExport(
  deps: MakeDeps,
  ctx: Ctx,
  asked: ExportWish,
): Promise<PreparedExport | { approval: Pending }> {
  // Of what he sees, what he may take out of the house.
  const wish: ExportWish = { ...asked, query: { ...asked.query, purpose: 'export' } };
  const object = objectOf(await deps.catalog.get(ctx.workspace), wish.query.object);
  if (!ctx.access.objects[object.name]?.actions.includes('export')) throw new AppError('forbidden');
  await deps.gate.ready(ctx.workspace);
  const counted = deps.gate.mayNeed(ctx, 'export');
  // The first page is asked for before anything goes out, so that a bad query is an error and no broken file.
  const page = await deps.read.list(ctx, { ...wish.query, page: { limit: 1 }, ...(counted && { count: 'exact' }) });
  const size = page.count?.value ?? 0;
  const rule = counted ? deps.gate.needed(ctx, { kind: 'export', object: object.name, size }) : null;
  if (rule) {
    const wanted = { kind: 'export' as const, object: object.name, size, content: { ...asked, size } };
    return { approval: await deps.gate.ask(ctx, rule, wanted) };
  }
  return begin(deps, ctx, wish, object);
}

async function begin(deps: MakeDeps, given: Ctx, wish: ExportWish, object: ObjectDef): Promise<PreparedExport> {
  const sheet = wish.forEditing ? await prepareSheet(deps, given, wish.query) : null;
  const id = sheet?.sheet.id ?? uuidv7();
  const ctx: Ctx = { ...given, act: id };
  const settings = await readExportSettings(deps.db, ctx.workspace);
  const serial = await insertExport(deps.db, ctx, id, wish);
  const records = new RecordSet();
  const mark = rowMarker(deps.marks.of(serial), settings.cells);
  const provenance = await provenanceOf(deps, ctx, object, { id, serial, visible: settings.visible });
  const made: Making = {
    provenance,
    ...(mark && { mark }),
    seen: (rows) => {
      for (const row of rows) records.add(row.id);
    },
  };
  const purpose = wish.forEditing ? (ctx.lang === 'zh' ? '-修改' : '-edit') : '';
  return {
    id,
    code: codeOf(serial),
    object,
    name: `${object.plural[ctx.lang]}${purpose}-${ctx.at.toISOString().slice(0, 10)}.${wish.format}`,
    async write(out) {
      let state: 'done' | 'cut' = 'cut';
      try {
        const rows = sheet
          ? await sheet.write(out, made)
          : await exportRows(deps, ctx, wish.query, wish.format, out, made);
        state = 'done';
        return rows;
      } finally {
        await endExport(deps.db, ctx.workspace, id, { state, rows: records.size, records: records.toBuffer() });
      }
    },
  };
}

async function provenanceOf(
  deps: MakeDeps,
  ctx: Ctx,
  object: ObjectDef,
  { id, serial, visible }: { id: string; serial: number; visible: boolean },
): Promise<Provenance> {
  const actor = ctx.viewer ?? ctx.actor;
  const name = (await deps.names(ctx.workspace, [actor]))[actor] ?? actor;
  const { timeZone } = deps.env(ctx);
  const zh = ctx.lang === 'zh';
  const when = ctx.at.toLocaleString(zh ? 'zh-CN' : 'en-GB', { timeZone });
  const code = codeOf(serial);
  const lines = zh
    ? [
        '导出说明',
        `导出人：${name}`,
        `导出时间：${when}`,
        `内容：${object.plural.zh}`,
        `导出编号：${code}`,
        '本文件仅供工作使用，请勿外传。文件带有标记，可查到是谁在什么时候导出的。',
      ]
    : [
        'About this export',
        `Exported by: ${name}`,
        `At: ${when}`,
        `Content: ${object.plural.en}`,
        `Export no.: ${code}`,
        'For work only; do not pass on. The file carries marks that tell who exported it and when.',
      ];
  return {
    properties: { creator: name, identifier: `xianke-export:${id}`, created: ctx.at },
    ...(visible && {
      footer: `${name} · ${when} · ${code}`,
      sheet: { name: zh ? '导出说明' : 'About', lines },
    }),
  };
}
