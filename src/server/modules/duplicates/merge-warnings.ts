import sql from 'sql-template-tag';
import type { Label } from '../../../domain/issue.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { MergePlan } from './plan-merge.ts';

interface Warning {
  code: 'identity-differs' | 'told-apart';
  field?: string;
  sentence: Label;
}

/** Values that stand for who somebody is: two of them, and they are most likely two. Numbers that we gave ourselves say nothing. */
function standsForIdentity({ type, unique }: FieldDef): boolean {
  return type === 'uscc' || type === 'idcard' || (unique === true && type !== 'autonumber');
}

/** What speaks against a merge: other identities, or somebody who said before that they are two. */
export async function warningsOf(on: Queryable, ctx: Ctx, { object, members }: MergePlan): Promise<Warning[]> {
  const warnings: Warning[] = liveFields(object)
    .filter(standsForIdentity)
    .flatMap(({ name, label }) => {
      const said = new Set(members.map(({ values }) => values[name] ?? null).filter((value) => value !== null));
      if (said.size < 2) return [];
      const sentence = {
        zh: `“${label.zh}”不同，通常说明不是同一个。`,
        en: `“${label.en}” differs: usually they are not the same.`,
      };
      return [{ code: 'identity-differs' as const, field: name, sentence }];
    });
  const ids = members.map(({ id }) => id);
  const [apart] = await on.query(sql`select 1 from ${tableOf(ctx.workspace, 'duplicate_pair')}
    where state = 'different' and a = any(${ids}::uuid[]) and b = any(${ids}::uuid[]) limit 1`);
  if (apart) warnings.push({ code: 'told-apart', sentence: TOLD_APART });
  return warnings;
}

const TOLD_APART: Label = {
  zh: '有人确认过其中有两条不是同一个。',
  en: 'Somebody said before that two of these are not the same.',
};
