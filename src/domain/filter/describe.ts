import { fieldType } from '../fields/registry.ts';
import type { ParseEnv } from '../fields/types.ts';
import { fill, type Label, type Lang } from '../issue.ts';
import type { Catalog, FieldValue, ObjectDef } from '../schema/types.ts';
import { isLeaf, type Leaf } from './meaning.ts';
import { findSubject, type Subject, type SystemName } from './subject.ts';
import type { Filter, FilterOp } from './types.ts';

/** What the words of a filter may look at. */
export interface DescribeEnv extends ParseEnv {
  catalog: Catalog;
  object: ObjectDef;
  /** Names of people and titles of records by id. */
  names?: Record<string, string>;
}

const SYSTEM: Record<SystemName, Label> = {
  $created_at: { zh: '创建时间', en: 'Created' },
  $updated_at: { zh: '修改时间', en: 'Changed' },
  $created_by: { zh: '创建人', en: 'Created by' },
  $updated_by: { zh: '修改人', en: 'Changed by' },
  $freshness: { zh: '新鲜度', en: 'Freshness' },
  $due_at: { zh: '待核实时间', en: 'Check due' },
  $id: { zh: '记录', en: 'Record' },
};

const WORDS: Record<Exclude<FilterOp, 'within'>, Label> = {
  eq: { zh: '{field}是{value}', en: '{field} is {value}' },
  ne: { zh: '{field}不是{value}', en: '{field} is not {value}' },
  in: { zh: '{field}是{value}之一', en: '{field} is one of {value}' },
  notIn: { zh: '{field}不是{value}中任何一个', en: '{field} is none of {value}' },
  contains: { zh: '{field}包含{value}', en: '{field} contains {value}' },
  notContains: { zh: '{field}不包含{value}', en: '{field} does not contain {value}' },
  startsWith: { zh: '{field}以{value}开头', en: '{field} starts with {value}' },
  gt: { zh: '{field}大于{value}', en: '{field} is more than {value}' },
  gte: { zh: '{field}不小于{value}', en: '{field} is at least {value}' },
  lt: { zh: '{field}小于{value}', en: '{field} is less than {value}' },
  lte: { zh: '{field}不大于{value}', en: '{field} is at most {value}' },
  between: { zh: '{field}在{low}到{high}之间', en: '{field} is between {low} and {high}' },
  empty: { zh: '{field}为空', en: '{field} is empty' },
  notEmpty: { zh: '{field}不为空', en: '{field} is not empty' },
  under: { zh: '{field}属于{value}', en: '{field} is under {value}' },
  hasAny: { zh: '{field}含有{value}之一', en: '{field} has any of {value}' },
  hasAll: { zh: '{field}同时含有{value}', en: '{field} has all of {value}' },
  hasNone: { zh: '{field}不含{value}', en: '{field} has none of {value}' },
  stale: { zh: '{field}已过期待核实', en: '{field} is due to be checked' },
  confidenceBelow: { zh: '{field}的可信度低于{value}', en: 'confidence in {field} is below {value}' },
};

/** Comparisons of time have words of their own. */
const TIME: Partial<Record<FilterOp, Label>> = {
  gt: { zh: '{field}晚于{value}', en: '{field} is after {value}' },
  gte: { zh: '{field}不早于{value}', en: '{field} is on or after {value}' },
  lt: { zh: '{field}早于{value}', en: '{field} is before {value}' },
  lte: { zh: '{field}不晚于{value}', en: '{field} is on or before {value}' },
};

const PAST: Label = { zh: '{field}在最近 {days} 天内', en: '{field} is within the last {days} days' };
const FUTURE: Label = { zh: '{field}在未来 {days} 天内', en: '{field} is within the next {days} days' };
const TODAY: Label = { zh: '{field}是今天', en: '{field} is today' };

/** A filter in words, for the filter bar and for histories: `等级是A 且 合作金额大于¥1,000`. */
export function describe(filter: Filter, lang: Lang, env: DescribeEnv): string {
  return say(filter, lang, env, false);
}

function say(filter: Filter, lang: Lang, env: DescribeEnv, inner: boolean): string {
  if ('all' in filter || 'any' in filter) {
    const parts = 'all' in filter ? filter.all : filter.any;
    const [only] = parts;
    if (parts.length === 1 && only) return say(only, lang, env, inner);
    if (parts.length === 0) return 'all' in filter ? (lang === 'zh' ? '全部' : 'all') : lang === 'zh' ? '无' : 'none';
    const word = 'all' in filter ? { zh: ' 且 ', en: ' and ' } : { zh: ' 或 ', en: ' or ' };
    const text = parts.map((part) => say(part, lang, env, true)).join(word[lang]);
    return inner ? (lang === 'zh' ? `（${text}）` : `(${text})`) : text;
  }
  if ('not' in filter) {
    const text = say(filter.not, lang, env, false);
    return lang === 'zh' ? `不满足（${text}）` : `not (${text})`;
  }
  return isLeaf(filter) ? condition(filter, lang, env) : '';
}

function condition(leaf: Leaf, lang: Lang, env: DescribeEnv): string {
  const subject = findSubject(env.catalog, env.object, leaf.field);
  const field = subject ? labelOf(subject)[lang] : leaf.field;
  if (leaf.op === 'within') {
    const value = leaf.value as { days?: unknown } | null | undefined;
    const days = typeof value?.days === 'number' ? value.days : 0;
    const words = days < 0 ? PAST : days > 0 ? FUTURE : TODAY;
    return fill(words[lang], { field, days: Math.abs(days) });
  }
  const time = subject?.kind === 'date' || subject?.kind === 'datetime';
  const words = (time ? TIME[leaf.op] : undefined) ?? WORDS[leaf.op];
  const list: (FieldValue | FieldValue[])[] = Array.isArray(leaf.value) ? leaf.value : [leaf.value ?? null];
  const texts = list.map((value) => valueText(value, leaf, subject, lang, env));
  const [low = '', high = ''] = texts;
  return fill(words[lang], { field, low, high, value: texts.join(lang === 'zh' ? '、' : ', ') });
}

function labelOf(subject: Subject): Label {
  if (subject.is === 'system') return SYSTEM[subject.name];
  if (subject.is === 'field') return subject.field.label;
  const { relation, field } = subject;
  return { zh: `${relation.label.zh}的${field.label.zh}`, en: `${relation.label.en} › ${field.label.en}` };
}

function valueText(
  value: FieldValue | FieldValue[],
  leaf: Leaf,
  subject: Subject | null,
  lang: Lang,
  env: DescribeEnv,
): string {
  if (value === null) return lang === 'zh' ? '空' : 'empty';
  if (value === '$me') return lang === 'zh' ? '我' : 'me';
  if (leaf.op === 'confidenceBelow' || leaf.field === '$freshness') return `${Math.round(Number(value) * 100)}%`;
  if (Array.isArray(value) || typeof value === 'object') return JSON.stringify(value);
  const known = typeof value === 'string' ? env.names?.[value] : undefined;
  if (known !== undefined) return known;
  const quoted = lang === 'zh' ? `“${value}”` : `"${value}"`;
  if (!subject || subject.is === 'system') return String(value);
  if (subject.kind === 'text') return quoted;
  const { field } = subject;
  const one = subject.kind === 'set' ? [String(value)] : field.type === 'money' ? String(value) : value;
  return fieldType(field.type).format(one, field, lang, env) || String(value);
}
