import sql, { empty, raw, type Sql } from 'sql-template-tag';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { ident } from './names.ts';

/**
 * Names sort by pinyin, as Chinese readers expect; codes, phones and mail addresses by their characters. The collation is
 * deterministic, so equality under it is equality of bytes: one index serves sorting and looking up.
 */
const PINYIN = raw(' collate "zh-Hans-CN-x-icu"');
const BY_PINYIN = new Set(['text', 'longtext', 'address']);

/** ` collate …`, or nothing: what follows a column so that an index of it serves. */
export function collationOf(field: Pick<FieldDef, 'type'>): Sql {
  return BY_PINYIN.has(field.type) ? PINYIN : empty;
}

/** What an index on this field is made of: the column, with the collation that lists sort by and look-ups compare by. */
export function sortColumn(field: Pick<FieldDef, 'name' | 'type'>): Sql {
  return sql`${ident(field.name)}${collationOf(field)}`;
}
