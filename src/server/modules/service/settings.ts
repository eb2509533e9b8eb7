import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { type ServiceSettings, serviceSchema } from '../../../contract/service.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import { tableOf } from '../../records/catalog/names.ts';

let shipped: ServiceSettings | null = null;

/** What comes with the product. */
export function usualService(): ServiceSettings {
  if (shipped) return shipped;
  const { note: _, ...settings } = JSON.parse(readFileSync(join(root, 'templates', 'service.json'), 'utf8')) as {
    note: string;
  };
  shipped = serviceSchema.parse(settings);
  return shipped;
}

const PARTS = { 'service.calendar': 'calendar', 'service.clocks': 'clocks' } as const;

/** Working calendar and clocks of a workspace; what nobody saved is as it comes. */
export async function readService(on: Queryable, workspace: string): Promise<ServiceSettings> {
  const rows = await on.query<{ name: keyof typeof PARTS; value: never }>(sql`
    select name, value from ${tableOf(workspace, 'module_setting')} where name = any(${Object.keys(PARTS)}::text[])`);
  const saved = Object.fromEntries(rows.map(({ name, value }) => [PARTS[name], value]));
  const usual = usualService();
  const parsed = serviceSchema.safeParse({ ...usual, ...saved });
  return parsed.success ? parsed.data : usual;
}

export async function saveService(
  on: Queryable,
  workspace: string,
  name: keyof typeof PARTS,
  value: unknown,
  by: string,
): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'module_setting')} (name, value, updated_by)
    values (${name}, ${JSON.stringify(value)}::jsonb, ${by})
    on conflict (name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`);
}
