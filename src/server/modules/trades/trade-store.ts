import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { type TradeTemplate, tradeTemplate } from '../../../contract/trades.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Row of table `trade_template`. */
export interface InstalledTrade {
  name: string;
  version: number;
  body: TradeTemplate;
  views: Record<string, Record<string, string>>;
  at: Date;
  by: string;
  [column: string]: unknown;
}

let shipped: TradeTemplate[] | undefined;

/** Those that come with the product: `templates/trades/*.json`. */
export function shippedTrades(): readonly TradeTemplate[] {
  const folder = join(root, 'templates', 'trades');
  shipped ??= readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => tradeTemplate.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  return shipped;
}

export function installedTrades(on: Queryable, workspace: string): Promise<InstalledTrade[]> {
  return on.query<InstalledTrade>(sql`select * from ${tableOf(workspace, 'trade_template')} order by name`);
}

export async function keepTrade(on: Queryable, workspace: string, row: InstalledTrade): Promise<void> {
  const { name, version, body, views, at, by } = row;
  await on.query(sql`insert into ${tableOf(workspace, 'trade_template')} (name, version, body, views, at, by)
    values (${name}, ${version}, ${JSON.stringify(body)}, ${JSON.stringify(views)}, ${at}, ${by})
    on conflict (name) do update set version = excluded.version, body = excluded.body, views = excluded.views, at = excluded.at, by = excluded.by`);
}

export async function forgetTrade(on: Queryable, workspace: string, name: string): Promise<void> {
  await on.query(sql`delete from ${tableOf(workspace, 'trade_template')} where name = ${name}`);
}
