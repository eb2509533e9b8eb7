import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** A source of imports that somebody looks after: what it says of some fields counts as verified. */
export interface TrustedSource {
  name: string;
  /** Its files are those with this in their name, whatever the case. */
  match: string;
  /** `object.field`. */
  fields: string[];
  strength: 'strong' | 'middle' | 'weak';
}

/** Small settings of freshness with their defaults. */
export interface Settings {
  /** Imports that overwrite these `object.field` count as observations, whatever the file; and sources whose values count as verified. */
  imports: { trusted: string[]; sources: TrustedSource[] };
  /** Hours a week each person has for verifying. */
  capacity: { hoursPerWeek: number };
  /** Who sees the board of people: those who answer for quality; besides them each his own line; or also whom it praises. */
  board: { shown: 'managers' | 'own' | 'praise' };
}

const DEFAULTS: Settings = {
  imports: { trusted: [], sources: [] },
  capacity: { hoursPerWeek: 2.5 },
  board: { shown: 'managers' },
};

export async function readSetting<K extends keyof Settings>(
  on: Queryable,
  workspace: string,
  key: K,
): Promise<Settings[K]> {
  const [row] = await on.query<{ value: Settings[K] }>(
    sql`select value from ${tableOf(workspace, 'freshness_setting')} where key = ${key}`,
  );
  return { ...DEFAULTS[key], ...row?.value };
}

export async function saveSetting<K extends keyof Settings>(
  on: Queryable,
  workspace: string,
  key: K,
  value: Settings[K],
): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'freshness_setting')} (key, value) values (${key}, ${JSON.stringify(value)})
    on conflict (key) do update set value = excluded.value`);
}
