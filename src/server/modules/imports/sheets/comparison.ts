import type { Catalog, ObjectDef } from '../../../../domain/schema/types.ts';
import type { SheetExport } from '../../round-trip/index.ts';
import type { ImportDeps } from '../deps.ts';
import type { Matcher } from '../match-rows.ts';
import type { Route } from '../row-values.ts';
import type { Settings } from '../run-store.ts';
import type { SheetRoute } from './compare-rows.ts';

/** What all batches of a comparison share. */
export interface Comparison {
  sheet: SheetExport;
  deps: ImportDeps;
  catalog: Catalog;
  object: ObjectDef;
  settings: Settings;
  routes: readonly SheetRoute[];
  /** For new rows: where their cells go. */
  fresh: readonly Route[];
  /** Column of the mark “verified”, with its place behind the fields. */
  verified: { index: number; place: number } | null;
  matcher: Matcher;
  text: boolean;
  narrow: boolean;
}

const people = new WeakMap<SheetExport, ReadonlyMap<string, string>>();

/** The account that an export wrote this name for: it told namesakes apart. */
export function personNamed(sheet: SheetExport, text: string): string | undefined {
  let byName = people.get(sheet);
  if (!byName) {
    byName = new Map(Object.entries(sheet.people).map(([id, name]) => [name.toLowerCase(), id]));
    people.set(sheet, byName);
  }
  return byName.get(text.trim().toLowerCase());
}
