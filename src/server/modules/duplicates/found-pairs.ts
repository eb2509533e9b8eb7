import sql from 'sql-template-tag';
import type { Label } from '../../../domain/issue.ts';
import { explainPair, type Matcher, type Row as MatchRow, type Verdict } from '../../../domain/matching/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Fields named in an explanation. */
const NAMED = 8;

export interface Reason {
  column: string;
  level: string;
  /** Bits: one doubles the odds. */
  total: number;
  sentence: Label;
}

export interface FoundPair {
  /** a < b */
  a: string;
  b: string;
  score: number;
  probability: number;
  reasons: Reason[];
}

/** The probability from which a pair is in the queue. */
export const leastOf = ({ weights }: Matcher): number => probabilityOf(weights.threshold);

const probabilityOf = (score: number): number => 1 / (1 + 2 ** -score);

/**
 * Score and explanation of two records; the sentences name outcomes, never values. What a rule joins counts at least as much as what is found, and
 * says which rule.
 */
export function judgePair(
  matcher: Matcher,
  one: { id: string; row: MatchRow },
  other: { id: string; row: MatchRow },
  verdict?: Verdict | null,
): FoundPair {
  const [a, b] = one.id < other.id ? [one, other] : [other, one];
  const { score, probability, contributions } = explainPair(matcher, a.row, b.row);
  const reasons = contributions.slice(0, NAMED).map(({ column, level, total, sentence }) => ({
    column,
    level,
    total: Math.round(total * 10) / 10,
    sentence,
  }));
  if (!verdict) return { a: a.id, b: b.id, score, probability, reasons };
  const least = Math.max(score, matcher.weights.threshold);
  return { a: a.id, b: b.id, score: least, probability: probabilityOf(least), reasons: [byRule(verdict), ...reasons] };
}

/** The rule that joins them, as a reason; names the rule, no values. */
export function byRule({ rule, fields }: Verdict): Reason {
  const sentence = { zh: `符合查重规则“${rule.name}”`, en: `by the rule “${rule.name}”` };
  return { column: fields[0] ?? '', level: 'rule', total: 0, sentence };
}

/** Writes what was found; what somebody decided stays decided. Returns how many pairs are in the queue because of it. */
export async function savePairs(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  pairs: readonly FoundPair[],
  at: Date,
): Promise<void> {
  if (pairs.length === 0) return;
  await on.query(sql`
    insert into ${tableOf(workspace, 'duplicate_pair')} as p
      (a, b, object, score, probability, reasons, found_at, scored_at)
    select x.a, x.b, ${object.id}::int, x.score, x.probability, x.reasons, ${at}::timestamptz, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as x(a uuid, b uuid, score real, probability real, reasons jsonb)
    order by x.a, x.b
    on conflict (a, b) do update set score = excluded.score, probability = excluded.probability, reasons = excluded.reasons,
      scored_at = excluded.scored_at`);
}
