import type { Email } from './kinds/contact.ts';
import { kindOf } from './kinds/index.ts';
import type { CompanyName } from './standardise/company.ts';
import type { Phone } from './standardise/phone.ts';
import type { KindName, MatchSchema, Row } from './types.ts';

export interface ExactKey {
  column: string;
  kind: KindName;
  /** Equal keys mean the same value, however it was typed. */
  key: string;
}

/** Kinds whose equal value is a duplicate by itself. */
const EXACT = new Set<KindName>(['company', 'phone', 'email', 'uscc', 'identifier']);

/**
 * Keys for the guarantee of the database at import and entry (a unique index, or a look-up in the same transaction): standardised name of the
 * organisation, phone with area code, e-mail, credit code. A company column counts only when it names the record; a local number without
 * area code and a bare 简称 are left out, they belong to many.
 */
export function exactKeys(record: Row, schema: MatchSchema): ExactKey[] {
  const out: ExactKey[] = [];
  for (const { column, kind, subject } of schema.fields) {
    const raw = record[column];
    if (!EXACT.has(kind) || raw === null || raw === undefined || (kind === 'company' && subject !== true)) continue;
    const own = kindOf(kind);
    const value = own.parse(raw);
    if (value === null || !complete(kind, value)) continue;
    out.push({ column, kind, key: `${kind}:${own.text(value)}` });
  }
  return out;
}

function complete(kind: KindName, value: unknown): boolean {
  if (kind === 'company') {
    const name = value as CompanyName;
    return name.tokens.length > 0 || !name.informal || name.core.length >= 4;
  }
  if (kind === 'phone') {
    const phone = value as Phone;
    return phone.area !== '' || phone.national.length >= 10;
  }
  if (kind === 'email') return (value as Email).host !== '';
  return true;
}

/** Keys under which likely duplicates of a record are found, exact ones first; for an index of the caller. Prefixed with their kind. */
export function blockingKeys(record: Row, schema: MatchSchema): string[] {
  const out = new Set<string>();
  for (const { column, kind } of schema.fields) {
    const raw = record[column];
    const own = kindOf(kind);
    const value = raw === null || raw === undefined ? null : own.parse(raw);
    if (value === null) continue;
    for (const key of own.keys(value)) if (key !== '') out.add(`${kind}:${key}`);
  }
  return [...out];
}
