import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fieldOf, liveFields } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';

/** Where it is written that someone really spoke with a customer. */
export interface ContactSource {
  customer: ObjectDef;
  owner: string;
  /** Field of the customer that imports bring: 最近跟进时间. */
  lastField: string | null;
  /** Append-only notes about contacts; null where there are none. */
  notes: { object: ObjectDef; parent: string; at: string; outcome: string | null } | null;
}

/** Reads the catalog by types and relations; null when no object has both an owner and something to follow up. */
export function contactSource(catalog: Catalog): ContactSource | null {
  const customer = catalog.objects.find((object) => object.name === 'customer' && !object.retired && object.owner);
  if (!customer?.owner) return null;
  const notes = catalog.objects.find(
    (object) =>
      object.appendOnly && !object.retired && object.parent && fieldOf(object, object.parent)?.target === customer.name,
  );
  const at = notes && liveFields(notes).find((field) => field.type === 'datetime');
  const outcome =
    notes && liveFields(notes).find((field) => field.options?.some((option) => option.value === 'reached'));
  const last = fieldOf(customer, 'last_followup_at');
  return {
    customer,
    owner: customer.owner,
    lastField: last && !last.retired ? last.name : null,
    notes:
      notes?.parent && at ? { object: notes, parent: notes.parent, at: at.name, outcome: outcome?.name ?? null } : null,
  };
}

export interface Quiet {
  id: string;
  owner: string | null;
  title: string;
  /** Last real contact; where there was none, when the record began. */
  last: Date;
}

interface Window {
  /** Last contact after this … */
  after: Date;
  /** … and not later than this. */
  until: Date;
}

/**
 * Customers whose last real contact lies in the window, oldest first: those who crossed a line of D days between two looks are those whose last
 * contact lies between the two moments less D days. So nothing is stored per customer, and a new contact resets by itself. Reads index ranges
 * of contacts, and the customers of which there is none.
 */
export async function quietCustomers(
  on: Queryable,
  workspace: string,
  source: ContactSource,
  window: Window,
  limit: number,
): Promise<Quiet[]> {
  const table = tableOf(workspace, source.customer.name);
  const inside = (column: Sql) =>
    sql`${column} > ${window.after}::timestamptz and ${column} <= ${window.until}::timestamptz`;
  const { notes } = source;
  // A check is written down in the moment it is made, or up to two days later for calls of a phone without a network.
  const checked = sql`select f.bundle as id from ${tableOf(workspace, 'delta')} d join ${tableOf(workspace, 'freshness')} f on f.record = d.record
    where d.at > ${window.after}::timestamptz and d.at <= ${window.until}::timestamptz + interval '2 days' and d.before ? '$v'`;
  const ids = [
    checked,
    sql`select t.id from ${table} t where t.deleted_at is null and ${inside(sql`t.created_at`)}`,
    sql`select a.record as id from ${tableOf(workspace, 'ask_recipient')} r join ${tableOf(workspace, 'ask')} a on a.id = r.ask where ${inside(sql`r.answered_at`)}`,
    ...(source.lastField ? [sql`select t.id from ${table} t where ${inside(sql`t.${ident(source.lastField)}`)}`] : []),
    ...(notes
      ? [
          sql`select n.${ident(notes.parent)} as id from ${tableOf(workspace, notes.object.name)} n where n.deleted_at is null and ${inside(sql`n.${ident(notes.at)}`)}`,
        ]
      : []),
  ];
  return on.query<Quiet & Record<string, unknown>>(sql`
    select t.id, t.${ident(source.owner)}::text as owner, t.${ident(source.customer.title)}::text as title, l.last
    from ${table} t cross join lateral (select ${lastContactSql(workspace, source)} as last) l
    where t.id in (${join(ids, ' union ')}) and t.deleted_at is null and ${inside(sql`l.last`)}
    order by l.last, t.id limit ${limit}`);
}

/** The same of one owner, for what is coming. */
export async function quietOf(
  on: Queryable,
  workspace: string,
  source: ContactSource,
  owner: string,
  until: Date,
): Promise<Quiet[]> {
  return on.query<Quiet & Record<string, unknown>>(sql`
    select t.id, t.${ident(source.owner)}::text as owner, t.${ident(source.customer.title)}::text as title, l.last
    from ${tableOf(workspace, source.customer.name)} t cross join lateral (select ${lastContactSql(workspace, source)} as last) l
    where t.${ident(source.owner)} = ${owner} and t.deleted_at is null and l.last <= ${until}::timestamptz
    order by l.last desc limit 2000`);
}

/** Ids of living customers whose last real contact was not later than this. */
export function quietSql(workspace: string, source: ContactSource, until: Date): Sql {
  return sql`select t.id from ${tableOf(workspace, source.customer.name)} t cross join lateral (select ${lastContactSql(workspace, source)} as last) l
    where t.deleted_at is null and l.last <= ${until}::timestamptz`;
}

/** Ways of checking for which one speaks with the customer. */
const SPOKEN = ['phone', 'visit', 'mail', 'customer'];

/**
 * Last real contact of customer `t`: a note that doesn't say nobody was reached, what was imported, a check made by phone or visit of anything of
 * his, or his own answer to a link.
 */
export function lastContactSql(workspace: string, { lastField, notes }: ContactSource): Sql {
  const imported = lastField ? sql`t.${ident(lastField)}` : raw('null::timestamptz');
  const reached = notes?.outcome ? sql`and coalesce(n.${ident(notes.outcome)}, 'reached') = 'reached'` : empty;
  const noted = notes
    ? sql`(select max(n.${ident(notes.at)}) from ${tableOf(workspace, notes.object.name)} n
        where n.${ident(notes.parent)} = t.id and n.deleted_at is null ${reached})`
    : raw('null::timestamptz');
  const answered = sql`(select max(r.answered_at) from ${tableOf(workspace, 'ask')} a join ${tableOf(workspace, 'ask_recipient')} r on r.ask = a.id
    where a.record = t.id)`;
  // A cell is [confidence, epoch seconds, method, …]; cells that were never touched are not there.
  const checked = sql`(select to_timestamp(max((cell.value ->> 1)::double precision)) from ${tableOf(workspace, 'freshness')} f,
      jsonb_each(f.cells) cell where f.bundle = t.id and cell.value ->> 2 = any(${SPOKEN}))`;
  return sql`coalesce(greatest(${imported}, ${noted}, ${checked}, ${answered}), t.created_at)`;
}
