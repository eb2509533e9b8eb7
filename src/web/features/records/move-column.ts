import type { ViewColumn } from './columns.ts';

/** Puts a column before another (null: last); dropped among frozen ones it freezes, dropped behind them it lets go. */
export function moveColumn(columns: readonly ViewColumn[], field: string, before: string | null): ViewColumn[] {
  const moving = columns.find((column) => column.field === field);
  if (!moving) return [...columns];
  const rest = columns.filter((column) => column.field !== field);
  const at = before === null ? rest.length : rest.findIndex((column) => column.field === before);
  const pinned = before !== null && rest[at]?.pinned === true;
  return rest.toSpliced(at < 0 ? rest.length : at, 0, { ...moving, pinned });
}
