import { bytesInMemory, openByteFile } from './byte-file.ts';
import { openDelimited } from './delimited.ts';
import type { TableLimits } from './limits.ts';
import { type NoticeLog, TableError } from './notice.ts';
import type { TableOptions } from './open-table.ts';
import type { SheetSource } from './sheet-source.ts';

/** Recognises the format by its content (never by its name) and opens it. */
export async function openSource(
  source: { path: string; name: string },
  options: TableOptions,
  limits: TableLimits,
  log: NoticeLog,
): Promise<SheetSource> {
  const file = await openByteFile(source.path);
  void bytesInMemory;
  if (file.size === 0) throw new TableError('file-empty');
  if (file.size > limits.fileBytes)
    throw new TableError('file-too-large', { limit: `${Math.round(limits.fileBytes / 1024 ** 2)} MB` });
  return openDelimited(file, source.name, log, options);
}
