import sql from 'sql-template-tag';
import type { Thresholds } from '../../../domain/value/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { createRuleVersions, type RuleVersions } from '../rule-versions.ts';

export interface ValueSettings {
  on: boolean;
  basis: 'orders' | 'payments';
  /** Frequency and amount are those of the last months. */
  months: number;
  thresholds: Thresholds;
}

export interface ValueSettingsStore extends Pick<RuleVersions<ValueSettings>, 'ready' | 'of'> {
  /** Throws `value-settings-changed` when they are another version by now than `from`. */
  save(workspace: string, entry: { author: string; settings: ValueSettings; from: number }): Promise<number>;
}

const TABLE = 'value_settings_version';

/** Off until somebody looked at what the data suggests. */
const STARTING: ValueSettings = {
  on: false,
  basis: 'orders',
  months: 24,
  thresholds: { count: 2, amount: 10_000, years: 2 },
};

export function createValueSettings(db: Db): ValueSettingsStore {
  const versions = createRuleVersions<ValueSettings>(db, {
    ...{ table: TABLE, starting: STARTING, changed: 'value-settings-changed' },
  });
  return {
    ...versions,
    save: (workspace, { author, settings, from }) =>
      versions.add(workspace, from, async (tx) => {
        const [row] = await tx.query<{ version: number }>(sql`insert into ${tableOf(workspace, TABLE)} (author, rules)
          values (${author}, ${JSON.stringify(settings)}::jsonb) returning version`);
        return row?.version ?? 0;
      }),
  };
}
