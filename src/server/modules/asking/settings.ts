import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { type AskingSettings, askingSettingsSchema } from '../../../contract/asking.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import { tableOf } from '../../records/catalog/names.ts';

let defaults: AskingSettings | undefined;

/** What is in force until someone changes it: templates/asking/settings.json. */
function defaultSettings(): AskingSettings {
  defaults ??= askingSettingsSchema.parse(
    JSON.parse(readFileSync(join(root, 'templates', 'asking', 'settings.json'), 'utf8')),
  );
  return defaults;
}

export async function readAskingSettings(db: Db, workspace: string): Promise<AskingSettings> {
  const [row] = await db.query<{ value: unknown }>(
    sql`select value from ${tableOf(workspace, 'module_setting')} where name = 'asking'`,
  );
  return row ? askingSettingsSchema.parse({ ...defaultSettings(), ...(row.value as object) }) : defaultSettings();
}

export async function saveAskingSettings(db: Db, workspace: string, value: AskingSettings, by: string): Promise<void> {
  await db.query(sql`
    insert into ${tableOf(workspace, 'module_setting')} (name, value, updated_by) values ('asking', ${JSON.stringify(value)}, ${by})
    on conflict (name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`);
}
