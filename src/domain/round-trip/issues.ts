import type { Sentences } from '../issue.ts';

/** What can be wrong with a sheet that was exported for editing and brought back. */
export const ROUND_TRIP_ISSUES = {
  'sheet-past': {
    zh: '过去的数据和回收站不能导出来修改。请回到当前数据再导出。',
    en: 'The past and the recycle bin can’t be exported for editing. Go back to the current data and export again.',
  },
  'sheet-rows': {
    zh: 'Excel 工作表最多 {limit} 行。请先筛选，分几次导出。',
    en: 'An Excel sheet has room for {limit} rows. Filter first and export in parts.',
  },
  'sheet-key-forged': {
    zh: '行标识被改动，无法确定是哪条记录，此行未处理。请重新导出后再改。',
    en: 'The row key was altered, so it is not clear which record this is; the row is left out. Export again and edit that file.',
  },
  'sheet-key-other': {
    zh: '此行来自另一种对象的导出，未处理。请把它放回原来的文件。',
    en: 'This row is from an export of another kind of record and is left out. Put it back into its own file.',
  },
  'sheet-key-twice': {
    zh: '此行与第 {row} 行是同一条记录，未处理。若是新增，请改名后再上传。',
    en: 'This row is the same record as row {row} and is left out. If it is meant as a new record, give it another name and upload again.',
  },
  'sheet-deleted': {
    zh: '记录导出后已被删除，此行的改动未写入。如仍需要，请先从回收站恢复。',
    en: 'The record was deleted after the export, so the edits of this row are not written. Restore it from the recycle bin first if it is still needed.',
  },
  'sheet-fixed': {
    zh: '{label}由系统维护或您没有修改权限，改动未写入。',
    en: '{label} is kept by the system or not yours to change; the edit is not written.',
  },
  'sheet-too-long': {
    zh: '{label}超过单元格能容纳的 32767 个字符，文件里只有前一部分；请在系统里修改。',
    en: '{label} is longer than the 32,767 characters of a cell, so the file holds only its beginning. Edit it in the system.',
  },
  'sheet-verified': {
    zh: '“本行已核实”应填“是”或留空，现在是“{value}”，未处理。',
    en: '“Row verified” takes Yes or nothing; it says “{value}” and was left out.',
  },
  'sheet-changed-since': {
    zh: '比对之后{label}又被别人改动，此行未写入。请再次上传文件重新比对。',
    en: '{label} was changed by somebody after the comparison, so this row is not written. Upload the file again to compare anew.',
  },
} as const satisfies Sentences;
