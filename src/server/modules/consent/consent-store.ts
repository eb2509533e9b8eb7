import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { CHANNELS, CONSENT_SOURCES, CONSENT_STATES } from '../../../contract/privacy.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export type Channel = (typeof CHANNELS)[number];
export type ConsentState = (typeof CONSENT_STATES)[number];

/** Row of table `consent`. */
export interface Consent {
  id: string;
  object: string;
  person: string;
  purpose: string;
  channel: Channel;
  separate: boolean;
  state: ConsentState;
  at: Date;
  source: (typeof CONSENT_SOURCES)[number];
  text_version: number | null;
  note: string | null;
  by: string | null;
  [column: string]: unknown;
}

/** Notes what somebody said. Nothing is ever written over: the newest line of a kind is in force. */
export async function addConsent(
  on: Queryable,
  workspace: string,
  said: Omit<Consent, 'id' | 'text_version'>,
): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'consent')}
      (id, object, person, purpose, channel, separate, state, at, source, text_version, note, by)
    select ${uuidv7()}::uuid, ${said.object}, ${said.person}::uuid, p.id, ${said.channel}, ${said.separate}, ${said.state}, ${said.at}::timestamptz,
      ${said.source}, p.version, ${said.note}, ${said.by} from ${tableOf(workspace, 'purpose')} p where p.id = ${said.purpose}`);
}

export function consentsOf(on: Queryable, workspace: string, person: string): Promise<Consent[]> {
  return on.query<Consent>(
    sql`select * from ${tableOf(workspace, 'consent')} where person = ${person} order by at desc, id desc limit 500`,
  );
}

/**
 * Whether the person whose id is `person` said no to a purpose over a channel, and not yes since. Who never said anything did not say no: what needs a yes
 * first says so by its basis.
 */
export function objectedSql(workspace: string, person: Sql, purpose: string, channel: Channel): Sql {
  return sql`coalesce((select c.state <> 'given' from ${tableOf(workspace, 'consent')} c
    where c.person = ${person} and c.purpose = ${purpose} and c.channel in ('any', ${channel}) and not c.separate
    order by c.at desc, c.id desc limit 1), false)`;
}

export async function hasObjected(
  on: Queryable,
  workspace: string,
  person: string,
  purpose: string,
  channel: Channel,
): Promise<boolean> {
  const [row] = await on.query<{ no: boolean }>(
    sql`select ${objectedSql(workspace, sql`${person}::uuid`, purpose, channel)} as no`,
  );
  return row?.no ?? false;
}

/** The newest word of each of these people on a purpose over a channel; who never said anything is not in it. */
export async function standingOf(
  on: Queryable,
  workspace: string,
  people: readonly string[],
  purpose: string,
  channel: Channel,
): Promise<Map<string, { state: ConsentState; at: Date }>> {
  const rows = await on.query<{ person: string; state: ConsentState; at: Date }>(sql`
    select distinct on (person) person, state, at from ${tableOf(workspace, 'consent')}
    where person = any(${people}::uuid[]) and purpose = ${purpose} and channel in ('any', ${channel}) and not separate
    order by person, at desc, id desc`);
  return new Map(rows.map(({ person, ...said }) => [person, said]));
}
