import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { birthdaysOn, holidayOn, type Occasion } from '../../../domain/occasion/occasions.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { objectedSql } from '../consent/index.ts';
import type { GreetingDeps } from './deps.ts';

/** Of a holiday, customers per person: those whose data is worth confirming most. More nobody would look through. */
const HOLIDAY_MOST = 30;
/** Names in the notice. */
const NAMED = 3;

interface Candidate {
  occasion: Occasion;
  object: string;
  record: string;
  contact: string | null;
  name: string;
  account: string;
}

/**
 * Puts before each person whom he could greet on a day: birthdays of contacts and, on a holiday, his customers whose data is due. Each day once, whoever
 * comes first. Not those who want no greetings, and none without a mail address.
 * @param day `YYYY-MM-DD`
 */
export async function proposeGreetings(deps: GreetingDeps, workspace: string, day: string): Promise<number> {
  const catalog = await deps.catalog.get(workspace);
  return deps.db.tx(async (tx) => {
    const [first] = await tx.query(
      sql`insert into ${tableOf(workspace, 'greeting_day')} (day) values (${day}::date) on conflict do nothing returning day`,
    );
    if (!first) return 0;
    const candidates: Candidate[] = [];
    for (const pair of peopleOf(catalog)) candidates.push(...(await birthdays(tx, workspace, pair, day)));
    const holiday = holidayOn(day);
    if (holiday)
      for (const customer of customersOf(catalog))
        candidates.push(...(await festive(tx, workspace, customer, holiday)));
    const made = await insert(tx, workspace, day, candidates);
    await tell(deps, tx, workspace, day, made);
    return made.length;
  });
}

interface Pair {
  person: ObjectDef;
  customer: ObjectDef;
  birthday: FieldDef;
  mail: FieldDef;
  parent: string;
  owner: string;
}

/** Objects whose records are people of a customer and have a birthday. */
function peopleOf(catalog: Catalog): Pair[] {
  return catalog.objects.flatMap((person) => {
    const parent = person.parent === undefined ? undefined : fieldOf(person, person.parent);
    const customer = catalog.objects.find((one) => one.name === parent?.target && !one.retired);
    const birthday = live(person).find((field) => field.type === 'date' && field.name === 'birthday');
    const mail = mailOf(person);
    if (person.retired || !parent || !customer?.owner || !birthday || !mail) return [];
    return [{ person, customer, birthday, mail, parent: parent.name, owner: customer.owner }];
  });
}

const live = (object: ObjectDef): FieldDef[] => object.fields.filter((field) => !field.retired);
const mailOf = (object: ObjectDef): FieldDef | undefined => live(object).find((field) => field.type === 'email');

function customersOf(catalog: Catalog): { customer: ObjectDef; mail: FieldDef; owner: string }[] {
  return catalog.objects.flatMap((customer) => {
    const mail = mailOf(customer);
    const asked = catalog.objects.some(
      (child) => child.parent !== undefined && fieldOf(child, child.parent)?.target === customer.name,
    );
    return !customer.retired && customer.owner && mail && asked ? [{ customer, mail, owner: customer.owner }] : [];
  });
}

const wanted = (workspace: string, id: Sql): Sql =>
  sql`not exists (select from ${tableOf(workspace, 'greeting_stop')} s where s.person = ${id})
    and not ${objectedSql(workspace, id, 'care', 'mail')}`;

async function birthdays(tx: Tx, workspace: string, pair: Pair, day: string): Promise<Candidate[]> {
  const { person, customer, birthday, mail, parent, owner } = pair;
  const rows = await tx.query<{ contact: string; record: string; name: string | null; account: string }>(sql`
    select p.id as contact, c.id as record, p.${ident(person.title)}::text as name, c.${ident(owner)} as account
    from ${tableOf(workspace, person.name)} p join ${tableOf(workspace, customer.name)} c on c.id = p.${ident(parent)}
    where to_char(p.${ident(birthday.name)}, 'MM-DD') = any(${birthdaysOn(day)}) and p.${ident(mail.name)} is not null
      and p.deleted_at is null and c.deleted_at is null and c.${ident(owner)} is not null and ${wanted(workspace, sql`p.id`)}`);
  return rows.map((row) => ({ ...row, name: row.name ?? '', occasion: 'birthday', object: customer.name }));
}

async function festive(
  tx: Tx,
  workspace: string,
  { customer, mail, owner }: ReturnType<typeof customersOf>[number],
  occasion: Occasion,
): Promise<Candidate[]> {
  // Each person's best first along the index of his list; a million customers are not sorted for it.
  const rows = await tx.query<{ record: string; name: string | null; account: string }>(sql`
    select x.* from auth."user" u cross join lateral (
      select c.id as record, c.${ident(customer.title)}::text as name, c.${ident(owner)} as account
      from ${tableOf(workspace, 'freshness')} f join ${tableOf(workspace, customer.name)} c on c.id = f.record
      where f.owner = u.id::text and f.due_at is not null and f.due_at <= now() and f.object = ${customer.id}
        and c.deleted_at is null and c.${ident(mail.name)} is not null and ${wanted(workspace, sql`c.id`)}
      order by f.due_value desc limit ${HOLIDAY_MOST}) x
    where not u.disabled`);
  return rows.map((row) => ({ ...row, name: row.name ?? '', contact: null, occasion, object: customer.name }));
}

async function insert(tx: Tx, workspace: string, day: string, candidates: Candidate[]): Promise<Candidate[]> {
  if (candidates.length === 0) return [];
  const payload = candidates.map((one) => ({ ...one, id: uuidv7(), person: one.contact ?? one.record }));
  const made = await tx.query<{ id: string }>(sql`
    insert into ${tableOf(workspace, 'greeting')} (id, day, occasion, account, object, record, contact, person, name)
    select id, ${day}::date, occasion, account, object, record, contact, person, name
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb)
      as x(id uuid, occasion text, account text, object text, record uuid, contact uuid, person uuid, name text)
    on conflict do nothing returning id`);
  const ids = new Set(made.map((row) => row.id));
  return payload.filter((one) => ids.has(one.id));
}

async function tell(deps: GreetingDeps, tx: Tx, workspace: string, day: string, made: Candidate[]): Promise<void> {
  const people = new Map<string, string[]>();
  for (const { account, name } of made) people.set(account, [...(people.get(account) ?? []), name]);
  for (const [account, all] of people) {
    const names = all.slice(0, NAMED).join('、') + (all.length > NAMED ? '…' : '');
    await deps.notify(tx, workspace, {
      account,
      cause: `greetings:${day}`,
      kind: 'greetings',
      params: { count: all.length, names },
    });
  }
}
