export { cellOf, type PreparedSheet, prepareSheet, type SheetDeps, type SheetMaking } from './export-sheet.ts';
export { isGenuine, type RowKey, readRowKey } from './row-key.ts';
export { isFixed, isKept } from './sheet-form.ts';
export { findSheet, type SheetExport } from './sheet-store.ts';
export { relationWords } from './sheet-words.ts';
