import { useEffect, useState } from 'react';
import type { ViewDefinition } from './view-state.ts';

type Column = ViewDefinition['columns'][number];

const keyOf = (object: string, view: string | undefined) => `xianke.columns.${object}.${view ?? 'all'}`;

function read(key: string): Column[] | null {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return Array.isArray(parsed) ? (parsed as Column[]) : null;
  } catch {
    return null;
  }
}

/** Widths, order and hiding are kept on this device at once; saving the view gives them to everyone. */
export function useLocalColumns(object: string, view: string | undefined, fromView: Column[]) {
  const key = keyOf(object, view);
  const [own, setOwn] = useState<{ key: string; columns: Column[] | null }>({ key, columns: read(key) });
  useEffect(() => setOwn({ key, columns: read(key) }), [key]);
  const kept = own.key === key ? own.columns : null;
  const known = new Set(kept?.map((column) => column.field));
  // Fields made since follow at the end; fields that are gone drop out.
  const columns = kept
    ? [
        ...kept.filter((column) => fromView.some((one) => one.field === column.field)),
        ...fromView.filter((column) => !known.has(column.field)),
      ]
    : fromView;
  return {
    columns,
    /** Only what a saved view would keep differently counts as a change of it. */
    changed: view !== undefined && kept !== null && JSON.stringify(columns) !== JSON.stringify(fromView),
    set: (next: Column[]) => {
      localStorage.setItem(key, JSON.stringify(next));
      setOwn({ key, columns: next });
    },
    reset: () => {
      localStorage.removeItem(key);
      setOwn({ key, columns: null });
    },
  };
}
