import type { Label } from '../issue.ts';
import { type Matcher, prepare, scorePair } from './matcher.ts';
import type { Contribution, Explanation, Row } from './types.ts';

function signed(bits: number): string {
  return `${bits >= 0 ? '+' : '−'}${Math.abs(bits).toFixed(1)}`;
}

function percent(p: number): string {
  return p > 0.9995 ? '> 99.9 %' : p < 0.0005 ? '< 0.1 %' : `${(p * 100).toFixed(1)} %`;
}

/**
 * Why two records are taken for the same or not: a waterfall from the prior odds over each field to the total, in bits (one bit doubles
 * the odds), strongest field first. Symmetric but for the order of the two values.
 */
export function explainPair(matcher: Matcher, a: Row, b: Row): Explanation {
  const pair = scorePair(matcher, prepare(matcher, a), prepare(matcher, b));
  const contributions: Contribution[] = [];
  let veto: Label | undefined;
  matcher.fields.forEach((f, i) => {
    const level = f.kind.levels[pair.levels[i] ?? -1];
    if (level === undefined) return;
    const { column } = f.field;
    const name = f.field.label ?? { zh: column, en: column };
    const weight = pair.bits[i] ?? 0;
    const rarity = pair.rarity[i] ?? 0;
    const total = weight + rarity;
    const rare: Label =
      rarity > 1
        ? { zh: '，取值少见', en: ', a rare value' }
        : rarity < -1
          ? { zh: '，取值常见', en: ', a common value' }
          : { zh: '', en: '' };
    if (level.veto === true) veto = { zh: `${name.zh}：${level.label.zh}`, en: `${name.en}: ${level.label.en}` };
    contributions.push({
      column,
      level: level.name,
      weight,
      rarity,
      total,
      a: a[column] ?? '',
      b: b[column] ?? '',
      sentence: {
        zh: `${name.zh}：${level.label.zh}${rare.zh}（${signed(total)}）`,
        en: `${name.en}: ${level.label.en}${rare.en} (${signed(total)})`,
      },
    });
  });
  contributions.sort((x, y) => Math.abs(y.total) - Math.abs(x.total));
  const prior = matcher.model.base;
  const joined = veto === undefined && pair.score >= matcher.weights.threshold;
  const p = percent(pair.probability);
  const verdict: Label =
    veto !== undefined
      ? { zh: `不是同一对象：${veto.zh}。`, en: `Not the same: ${veto.en}.` }
      : joined
        ? { zh: `很可能是同一对象（可能性 ${p}）。`, en: `Probably the same (probability ${p}).` }
        : { zh: `多半不是同一对象（可能性 ${p}）。`, en: `Probably not the same (probability ${p}).` };
  const { score, probability } = pair;
  return { prior, contributions, score, probability, ...(veto === undefined ? {} : { veto }), verdict };
}
