import sql from 'sql-template-tag';
import type { OwnershipSettings } from '../../../contract/ownership.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

const USUAL: OwnershipSettings = { protectDays: 30, mostClaims: 50, checksPerDay: 30, rules: [] };

export async function readOwnership(on: Queryable, workspace: string): Promise<OwnershipSettings> {
  const [row] = await on.query<{ settings: OwnershipSettings }>(
    sql`select settings from ${tableOf(workspace, 'ownership_setting')}`,
  );
  return { ...USUAL, ...row?.settings };
}

export async function saveOwnership(on: Queryable, workspace: string, settings: OwnershipSettings): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'ownership_setting')} (settings) values (${JSON.stringify(settings)}::jsonb)
    on conflict (one) do update set settings = excluded.settings`);
}
