import sql from 'sql-template-tag';
import {
  type Preference,
  preferenceSchema,
  type ReminderSettings,
  reminderSettingsSchema,
} from '../../../contract/reminders.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** 7 → 15 → 30 days, then the manager (features B8); customers who are lost are left alone. */
const DEFAULTS: ReminderSettings = {
  digest: { cadence: 'daily', hour: 9, weekday: 1 },
  ladders: [
    { name: '已流失', filter: { field: 'customer_type', op: 'eq', value: 'lost' }, steps: [] },
    {
      name: '',
      steps: [
        { days: 7, to: 'owner' },
        { days: 15, to: 'owner' },
        { days: 30, to: 'manager' },
      ],
    },
  ],
  unverifiedDays: 180,
  quiet: { from: '20:00', to: '08:30' },
  workdaysOnly: true,
  holidays: [],
  workdays: [],
};

export async function readReminderSettings(db: Db, workspace: string): Promise<ReminderSettings> {
  const [row] = await db.query<{ value: unknown }>(
    sql`select value from ${tableOf(workspace, 'module_setting')} where name = 'reminders'`,
  );
  return row ? reminderSettingsSchema.parse({ ...DEFAULTS, ...(row.value as object) }) : DEFAULTS;
}

export async function saveReminderSettings(
  db: Db,
  workspace: string,
  value: ReminderSettings,
  by: string,
): Promise<void> {
  await db.query(sql`
    insert into ${tableOf(workspace, 'module_setting')} (name, value, updated_by) values ('reminders', ${JSON.stringify(value)}, ${by})
    on conflict (name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`);
}

const PLAIN: Preference = { mail: true, lang: 'zh' };

export async function readPreferences(db: Db, workspace: string): Promise<(account: string) => Preference> {
  const rows = await db.query<{ account: string; value: unknown }>(
    sql`select account, value from ${tableOf(workspace, 'reminder_preference')}`,
  );
  const known = new Map(
    rows.map((row) => [row.account, preferenceSchema.parse({ ...PLAIN, ...(row.value as object) })]),
  );
  return (account) => known.get(account) ?? PLAIN;
}

export async function savePreference(db: Db, workspace: string, account: string, value: Preference): Promise<void> {
  await db.query(sql`
    insert into ${tableOf(workspace, 'reminder_preference')} (account, value) values (${account}, ${JSON.stringify(value)})
    on conflict (account) do update set value = excluded.value, updated_at = now()`);
}
