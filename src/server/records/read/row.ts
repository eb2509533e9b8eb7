import sql, { join, raw, type Sql } from 'sql-template-tag';
import { type Reach, strongest } from '../../../domain/access/reach.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import { maskValue, rangeValue } from '../../../domain/fields/mask.ts';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import { fromColumn, type TableRow } from '../catalog/columns.ts';
import { ident } from '../catalog/names.ts';
import type { Row } from '../types.ts';

/** A field as one actor sees it. */
export interface Seen {
  field: FieldDef;
  /** What holds in every row. */
  mode: FieldMode;
  /** What each grant gives in the rows that it reaches, where rows differ. */
  each?: readonly FieldMode[];
}

const SYSTEM = ['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at'];

/** Name of the column that says which grants reach a row. */
export const REACH = '$reach';
export const REACH_COLUMN = raw(`"${REACH}"`);

/** Columns of a row under `alias`: the system's, those fields, and which grants reach it where rows differ. */
export function selectSql(fields: Seen[], alias: string, reach: Sql | null = null): Sql {
  const names = [...SYSTEM, ...fields.map(({ field }) => field.name)];
  const columns = names.map((name) => sql`${ident(alias)}.${ident(name)}`);
  if (reach) columns.push(sql`${reach} as ${REACH_COLUMN}`);
  return join(columns, ', ');
}

/** What an actor gets to see of a value. */
export function shown(value: FieldValue, seen: Seen, lang: 'zh' | 'en', reach?: Reach): FieldValue {
  return shownAs(modeHere(seen, reach), value, seen.field, lang);
}

function shownAs(mode: FieldMode, value: FieldValue, field: FieldDef, lang: 'zh' | 'en'): FieldValue {
  if (mode === 'hidden') return null;
  if (mode === 'masked') return maskValue(value, field);
  if (mode === 'ranged') return rangeValue(value, field, lang);
  return value;
}

const iso = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** Mode of a field in a row; without knowing the row, what holds in all. */
export function modeHere({ mode, each }: Seen, reach: Reach): FieldMode {
  if (!each || reach === undefined) return mode;
  return strongest(each.filter((_, place) => (reach & (1 << place)) !== 0));
}

export function reachOf(stored: { [column: string]: unknown }): Reach {
  const reach = stored[REACH];
  return typeof reach === 'number' ? reach : undefined;
}

/** Modes other than `edit`, by field: what a page must not offer to change. */
export function modesHere(fields: Seen[], reach: Reach): Record<string, FieldMode> {
  const modes = fields.map((seen) => [seen.field.name, modeHere(seen, reach)] as const);
  return Object.fromEntries(modes.filter(([, mode]) => mode !== 'edit'));
}

/** Canonical values as stored, before any masking. */
export function plainValues(stored: TableRow, fields: Seen[]): Record<string, FieldValue> {
  return Object.fromEntries(fields.map(({ field }) => [field.name, fromColumn(field, stored[field.name])]));
}

export function toRow(stored: TableRow, fields: Seen[], lang: 'zh' | 'en'): Row {
  return rowReader(fields, lang)(stored);
}

/** Makes rows of what is stored; what follows from the fields and from which grants reach a row is worked out once for all rows. */
export function rowReader(fields: Seen[], lang: 'zh' | 'en'): (stored: TableRow) => Row {
  const sights = new Map<Reach, Sight>();
  return (stored) => {
    const reach = reachOf(stored);
    const sight = sights.get(reach) ?? sightOf(fields, reach);
    sights.set(reach, sight);
    const values = { ...sight.blank };
    for (const { field, mode } of sight.visible)
      values[field.name] = shownAs(mode, fromColumn(field, stored[field.name]), field, lang);
    return {
      id: stored.id,
      version: stored.version,
      createdAt: iso(stored.created_at),
      createdBy: String(stored.created_by),
      updatedAt: iso(stored.updated_at),
      updatedBy: String(stored.updated_by),
      ...(stored.deleted_at != null && { deletedAt: iso(stored.deleted_at) }),
      values,
      ...(stored.$locked === undefined
        ? sight.modes && { modes: sight.modes }
        : lockedIn(stored.$locked as readonly string[], values, sight.modes)),
    };
  };
}

/** Values whose key is not at hand are nobody's to change. */
function lockedIn(
  names: readonly string[],
  values: Record<string, FieldValue>,
  modes: Record<string, FieldMode> | null,
): Pick<Row, 'modes' | 'locked'> {
  const locked = names.filter((name) => name in values);
  return { modes: { ...modes, ...Object.fromEntries(locked.map((name) => [name, 'masked' as const])) }, locked };
}

/** What is the same for all rows that the same grants reach. */
interface Sight {
  visible: { field: FieldDef; mode: FieldMode }[];
  /** All values empty: a copy is filled faster than an object that grows. */
  blank: Record<string, FieldValue>;
  modes: Record<string, FieldMode> | null;
}

function sightOf(fields: Seen[], reach: Reach): Sight {
  const all = fields.map((seen) => ({ field: seen.field, mode: modeHere(seen, reach) }));
  const visible = all.filter(({ mode }) => mode !== 'hidden');
  const modes = modesHere(fields, reach);
  return {
    visible,
    blank: Object.fromEntries(visible.map(({ field }) => [field.name, null])),
    modes: Object.keys(modes).length > 0 ? modes : null,
  };
}
