import sql, { type Sql } from 'sql-template-tag';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { ValueSettings } from './settings-store.ts';

/** Objects and fields of the template that deals are counted from. */
const BASES = {
  orders: {
    object: 'sales_order',
    amount: 'amount',
    on: 'ordered_on',
    state: 'status',
    not: ['cancelled'],
    only: null,
  },
  payments: { object: 'payment', amount: 'amount', on: 'paid_on', state: 'state', not: null, only: ['received'] },
} as const;

/** Deals of a basis as a relation of customer, day, amount; null: the workspace lacks what it takes, or keeps amounts encrypted. */
export function dealsSql(catalog: Catalog, workspace: string, basis: ValueSettings['basis']): Sql | null {
  const { object: name, amount, on, state, not, only } = BASES[basis];
  const object = findObject(catalog, name);
  if (!object || object.retired) return null;
  for (const needed of ['customer', amount, on]) {
    const field = findField(object, needed);
    if (!field || field.retired || field.encrypted) return null;
  }
  const known = findField(object, state);
  // A firm that has no such field counts all of them.
  const status =
    !known || known.encrypted
      ? sql``
      : only
        ? sql`and o.${ident(state)} = any(${[...only]}::text[])`
        : sql`and coalesce(o.${ident(state)}, '') <> all(${[...(not ?? [])]}::text[])`;
  return sql`(select o.customer, o.${ident(on)} as day, coalesce(o.${ident(amount)}, 0) as amount
    from ${tableOf(workspace, name)} o
    where o.deleted_at is null and o.customer is not null and o.${ident(on)} is not null ${status})`;
}

/** First day of the period whose deals count. */
export function periodStart(today: string, months: number): string {
  const day = new Date(`${today}T00:00:00Z`);
  const end = new Date(day);
  end.setUTCMonth(end.getUTCMonth() - months);
  if (end.getUTCDate() !== day.getUTCDate()) end.setUTCDate(0);
  return end.toISOString().slice(0, 10);
}
