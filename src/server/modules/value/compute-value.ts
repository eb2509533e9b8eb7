import sql from 'sql-template-tag';
import type { Change } from '../../../domain/change/types.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import { octantOf, rfmOf, yearsBetween } from '../../../domain/value/index.ts';
import type { Log } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fromColumn, type TableRow } from '../../records/catalog/columns.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { dealsSql, periodStart } from './deals-sql.ts';
import { perCustomer, readCuts } from './read-spread.ts';
import type { ValueSettingsStore } from './settings-store.ts';

export interface ValueDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  values: ValueSettingsStore;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  log: Log;
  now: () => Date;
}

export const CUSTOMER = 'customer';
/** Kind of the change sets that it makes. */
const KIND = 'value';
const PORTION = 1000;
const FIRST = '00000000-0000-0000-0000-000000000000';
const DAY_MS = 86_400_000;

/** Fields that hold the result; a workspace may have retired some of them. */
const FIELDS = ['value_octant', 'deal_count', 'deal_amount', 'first_deal_on', 'last_deal_on', 'rfm'] as const;
type ValueField = (typeof FIELDS)[number];

interface DealRow extends Record<string, unknown> {
  customer: string;
  n: number;
  amount: string;
  first: string;
  last: string;
}

/**
 * Counts deals per customer and writes what changed through the write door, portion by portion: of most customers nothing changes from one night to the next.
 * Killed, it begins anew and finds less to do. @returns customers written
 */
export async function computeValue(deps: ValueDeps, workspace: string, signal?: AbortSignal): Promise<number> {
  await deps.values.ready(workspace);
  const { version, rules: settings } = deps.values.of(workspace);
  if (!settings.on) return 0;
  const catalog = await deps.catalog.get(workspace);
  const deals = dealsSql(catalog, workspace, settings.basis);
  const fields = fieldsOf(catalog);
  if (!deals || fields.length === 0) return 0;
  const at = deps.now();
  const today = localDay(at, deps.env({ at }).timeZone);
  const from = periodStart(today, settings.months);
  const cuts = await readCuts(deps.db, workspace, deals, { from, today });
  const access = accessFor('admin', catalog);
  const ctx: Ctx = { workspace, actor: 'system', source: 'rule', access, at, lang: 'zh', reason: '重新计算客户价值' };
  const columns = fields.map(({ name }) => sql`, t.${ident(name)}`).reduce((all, one) => sql`${all}${one}`);
  let written = 0;
  for (let after = FIRST; ; ) {
    if (signal?.aborted) return written;
    const rows =
      await deps.db.query<TableRow>(sql`select t.id, t.version${columns} from ${tableOf(workspace, CUSTOMER)} t
      where t.id > ${after}::uuid and t.deleted_at is null order by t.id limit ${PORTION}`);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
    const ids = rows.map(({ id }) => id);
    const found =
      await deps.db.query<DealRow>(sql`select x.customer, x.n, x.amount::text as amount, x.first::text as first, x.last::text as last
      from (${perCustomer(deals, from, today, sql`and d.customer = any(${ids}::uuid[])`)}) x`);
    const byCustomer = new Map(found.map((one) => [one.customer, one]));
    const changes: Change[] = [];
    for (const row of rows) {
      const deal = byCustomer.get(row.id);
      const wanted = deal ? valuesOf(deal) : NOTHING;
      const set: Record<string, FieldValue> = {};
      for (const field of fields) {
        const now = fromColumn(field, row[field.name]);
        const next = wanted[field.name as ValueField];
        if (!same(now, next)) set[field.name] = next;
      }
      if (Object.keys(set).length > 0)
        changes.push({ op: 'update', object: CUSTOMER, id: row.id, version: row.version, set });
    }
    if (changes.length === 0) continue;
    const { outcomes } = await deps.write.write(ctx, changes, { atomic: false, kind: KIND, reviewed: true });
    written += outcomes.filter(({ status }) => status === 'applied').length;
    const refused = outcomes.find(({ status }) => status === 'rejected');
    if (refused) deps.log.warn({ issues: refused.issues, workspace }, 'customer value not written');
  }
  await deps.db.tx(async (tx) => {
    await tx.query(sql`delete from ${tableOf(workspace, 'value_computed')}`);
    await tx.query(sql`insert into ${tableOf(workspace, 'value_computed')} (at, version) values (${at}, ${version})`);
  });
  return written;

  function valuesOf({ n, amount, first, last }: DealRow): Record<ValueField, FieldValue> {
    const worth = Number(amount);
    const years = yearsBetween(first, today);
    const days = Math.round((Date.parse(today) - Date.parse(last)) / DAY_MS);
    return {
      value_octant: octantOf({ count: n, amount: worth, years }, settings.thresholds),
      deal_count: n,
      deal_amount: amount,
      first_deal_on: first,
      last_deal_on: last,
      rfm: rfmOf({ days, count: n, amount: worth }, cuts),
    };
  }
}

const NOTHING: Record<ValueField, FieldValue> = {
  ...{ value_octant: null, deal_count: null, deal_amount: null },
  ...{ first_deal_on: null, last_deal_on: null, rfm: null },
};

function fieldsOf(catalog: Catalog) {
  const customer = catalog.objects.find(({ name, retired }) => name === CUSTOMER && !retired);
  // Encrypted ones can't be compared with what they should be without opening each.
  return customer
    ? liveFields(customer).filter(({ name, encrypted }) => FIELDS.some((one) => one === name) && !encrypted)
    : [];
}

/** 1200.00 and 1200 are one amount. */
const same = (now: FieldValue, next: FieldValue): boolean =>
  now === next || (now !== null && next !== null && Number(now) === Number(next));
