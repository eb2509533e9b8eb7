import sql from 'sql-template-tag';
import type { Greeting } from '../../../contract/greetings.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { addConsent } from '../consent/index.ts';

export interface GreetingRow extends Record<string, unknown> {
  id: string;
  day: string;
  occasion: Greeting['occasion'];
  account: string;
  object: string;
  record: string;
  contact: string | null;
  person: string;
  name: string;
  state: Greeting['state'];
  decided_by: string | null;
  lang: Lang | null;
  origin: string | null;
  problem: string | null;
}

const columns = sql`id, to_char(day, 'YYYY-MM-DD') as day, occasion, account, object, record, contact, person, name, state, decided_by, lang, origin, problem`;

/** Of one person: today's and tomorrow's, and what failed since the day before yesterday. */
export function readGreetings(
  on: Queryable,
  workspace: string,
  account: string,
  today: string,
): Promise<GreetingRow[]> {
  return on.query<GreetingRow>(sql`
    select ${columns} from ${tableOf(workspace, 'greeting')}
    where account = ${account} and day >= ${today}::date - 2 and state <> 'skipped' and (day >= ${today}::date or state = 'failed')
    order by day, occasion, name, id limit 500`);
}

/** Confirmed ones that are due on a day, each given to one process only. */
export function takeDue(on: Queryable, workspace: string, today: string, limit: number): Promise<GreetingRow[]> {
  // Marked as sent before they are: a crash costs a greeting, never sends two.
  return on.query<GreetingRow>(sql`
    update ${tableOf(workspace, 'greeting')} g set state = 'sent', sent_at = now()
    where id in (select id from ${tableOf(workspace, 'greeting')} where state = 'confirmed' and day <= ${today}::date
      order by day, id limit ${limit} for update skip locked)
    returning ${columns}`);
}

export async function noteSent(on: Queryable, workspace: string, id: string, ask: string): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'greeting')} set ask = ${ask} where id = ${id}`);
}

export async function noteFailed(on: Queryable, workspace: string, id: string, problem: string): Promise<void> {
  await on.query(
    sql`update ${tableOf(workspace, 'greeting')} set state = 'failed', problem = ${problem}, sent_at = null where id = ${id}`,
  );
}

export async function stopGreeting(
  on: Queryable,
  workspace: string,
  person: string,
  at: Date,
  by: string | null,
): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'greeting_stop')} (person, at, by) values (${person}, ${at}, ${by})
    on conflict (person) do nothing`);
  const [known] = await on.query<{ object: string }>(
    sql`select object from ${tableOf(workspace, 'greeting')} where person = ${person} limit 1`,
  );
  await addConsent(on, workspace, {
    ...{ object: known?.object ?? 'customer', person, purpose: 'care', channel: 'any', separate: false },
    ...{ state: 'withdrawn', at, source: by === null ? 'link' : 'page', note: null, by },
  });
  await on.query(sql`update ${tableOf(workspace, 'greeting')} set state = 'skipped'
    where person = ${person} and state in ('proposed', 'confirmed')`);
}
