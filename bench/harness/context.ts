import type pg from 'pg';
import type { Figure } from './figure.ts';
import type { Fixture } from './fixtures.ts';
import type { Client } from './load.ts';
import type { Options } from './options.ts';
import type { People, Product } from './product.ts';

/** What the figures share while a bench runs. */
export interface Bench {
  options: Options;
  product: Product;
  people: People;
  /** HTTP as an administrator, and as one of the sales team (whose sensitive fields are masked). */
  admin: Client;
  member: Client;
  db: pg.Client;
  /** Imported files with their change sets, in order. */
  imported: { fixture: Fixture; id: string; changeSet: string }[];
  add(figure: Figure): void;
  say(text: string): void;
  /** Stops the product and starts it again. Milliseconds until it answered a page. */
  restart(): Promise<number>;
}

/** Living customers. */
export async function customers(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ n: string }>('select count(*) as n from w_main.customer where deleted_at is null');
  return Number(rows[0]?.n ?? 0);
}

/** Ids of living customers of one import, anywhere in it, always the same ones. */
export async function sampleIds(db: pg.Client, changeSet: string, most: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from w_main.customer where created_in = $1 and deleted_at is null order by md5(id::text) limit $2`,
    [changeSet, most],
  );
  return rows.map((row) => row.id);
}

export const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
