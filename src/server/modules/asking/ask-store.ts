import sql, { empty } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Lang } from '../../../domain/issue.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { AskCell } from './cells.ts';

/** A request as stored; one per click on 请客户确认. */
export interface AskRow {
  id: string;
  object: string;
  record: string;
  made_at: Date;
  made_by: string;
  kind: 'dialog' | 'embed';
  lang: Lang;
  origin: string;
  template: string | null;
  subject: string;
  message: string;
  expires_at: Date;
  remind_after_days: number | null;
  /** The round it is part of. */
  census: string | null;
  [column: string]: unknown;
}

/** One person who was asked. */
export interface RecipientRow {
  id: string;
  ask: string;
  contact: string | null;
  name: string;
  email: string | null;
  way: 'mail' | 'link';
  cells: AskCell[];
  state: 'sent' | 'opened' | 'answered' | 'revoked';
  sent_at: Date;
  opened_at: Date | null;
  answered_at: Date | null;
  reminded_at: Date | null;
  wants_link_at: Date | null;
  answers: Counts | null;
  change_set: string | null;
  [column: string]: unknown;
}

export interface Counts {
  right: number;
  changed: number;
  gone: number;
  held: number;
}

export type NewRecipient = Pick<RecipientRow, 'contact' | 'name' | 'email' | 'way' | 'cells'>;

export async function insertAsk(
  tx: Tx,
  workspace: string,
  ask: Omit<AskRow, 'id'>,
  people: NewRecipient[],
): Promise<{ ask: AskRow; recipients: RecipientRow[] }> {
  const id = uuidv7();
  await tx.query(sql`insert into ${tableOf(workspace, 'ask')}
    (id, object, record, made_at, made_by, kind, lang, origin, template, subject, message, expires_at, remind_after_days, census)
    values (${id}, ${ask.object}, ${ask.record}, ${ask.made_at}, ${ask.made_by}, ${ask.kind}, ${ask.lang}, ${ask.origin},
      ${ask.template}, ${ask.subject}, ${ask.message}, ${ask.expires_at}, ${ask.remind_after_days}, ${ask.census})`);
  const recipients: RecipientRow[] = [];
  for (const person of people) {
    const [row] = await tx.query<RecipientRow>(sql`insert into ${tableOf(workspace, 'ask_recipient')}
      (id, ask, contact, name, email, way, cells, sent_at)
      values (${uuidv7()}, ${id}, ${person.contact}, ${person.name}, ${person.email}, ${person.way}, ${JSON.stringify(person.cells)}, ${ask.made_at})
      returning *`);
    if (row) recipients.push(row);
  }
  return { ask: { ...ask, id } as AskRow, recipients };
}

/** A person with his request; `lock` holds the person until the transaction ends. */
export async function findRecipient(
  on: Queryable,
  workspace: string,
  recipient: string,
  lock = false,
): Promise<{ ask: AskRow; person: RecipientRow } | null> {
  const [person] = await on.query<RecipientRow>(sql`select * from ${tableOf(workspace, 'ask_recipient')}
    where id = ${recipient} ${lock ? sql`for update` : empty}`);
  const [ask] = await on.query<AskRow>(
    sql`select * from ${tableOf(workspace, 'ask')} where id = ${person?.ask ?? recipient}`,
  );
  return person && ask ? { ask, person } : null;
}

/** Still to be answered at `now`? The one rule for page, answer and list. */
export function isOpen(person: RecipientRow, ask: AskRow, now: Date): boolean {
  return (person.state === 'sent' || person.state === 'opened') && ask.expires_at > now;
}

export function stateOf(person: RecipientRow, ask: AskRow, now: Date) {
  if (person.state === 'answered' || person.state === 'revoked') return person.state;
  return ask.expires_at > now ? person.state : ('expired' as const);
}

export async function markOpened(on: Queryable, workspace: string, recipient: string, now: Date): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'ask_recipient')} set state = 'opened', opened_at = ${now}
    where id = ${recipient} and state = 'sent'`);
}

/** @returns false when someone was faster: the link had been used, or was revoked meanwhile */
export async function markAnswered(
  tx: Tx,
  workspace: string,
  recipient: string,
  answer: { at: Date; counts: Counts; consent: object; changeSet: string | null },
): Promise<boolean> {
  const rows =
    await tx.query(sql`update ${tableOf(workspace, 'ask_recipient')} set state = 'answered', answered_at = ${answer.at},
      opened_at = coalesce(opened_at, ${answer.at}), answers = ${JSON.stringify(answer.counts)}, consent = ${JSON.stringify(answer.consent)},
      change_set = ${answer.changeSet}
    where id = ${recipient} and state in ('sent', 'opened') returning id`);
  return rows.length > 0;
}

export async function markRevoked(tx: Tx, workspace: string, recipient: string, now: Date): Promise<boolean> {
  const rows =
    await tx.query(sql`update ${tableOf(workspace, 'ask_recipient')} set state = 'revoked', revoked_at = ${now}
    where id = ${recipient} and state in ('sent', 'opened') returning id`);
  return rows.length > 0;
}
