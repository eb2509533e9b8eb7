import type { Filter, FilterOp } from '../../../domain/filter/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import type { Subject } from './operators.ts';

export type Condition = Extract<Filter, { field: string }>;

export const isCondition = (filter: Filter): filter is Condition => 'field' in filter;

const WORDS: Record<FilterOp, { zh: string; en: string }> = {
  eq: { zh: '等于', en: 'is' },
  ne: { zh: '不等于', en: 'is not' },
  in: { zh: '是', en: 'is' },
  notIn: { zh: '不是', en: 'is not' },
  contains: { zh: '包含', en: 'contains' },
  notContains: { zh: '不包含', en: 'does not contain' },
  startsWith: { zh: '开头是', en: 'starts with' },
  gt: { zh: '大于', en: 'is more than' },
  gte: { zh: '至少', en: 'is at least' },
  lt: { zh: '小于', en: 'is less than' },
  lte: { zh: '最多', en: 'is at most' },
  between: { zh: '介于', en: 'is between' },
  empty: { zh: '为空', en: 'is empty' },
  notEmpty: { zh: '不为空', en: 'is not empty' },
  under: { zh: '属于', en: 'is in' },
  hasAny: { zh: '含有任一', en: 'has any of' },
  hasAll: { zh: '同时含有', en: 'has all of' },
  hasNone: { zh: '不含', en: 'has none of' },
  within: { zh: '在', en: 'is within' },
  stale: { zh: '已过期', en: 'is past due' },
  confidenceBelow: { zh: '可信度低于', en: 'confidence is below' },
};

const DAY_WORDS: Partial<Record<FilterOp, { zh: string; en: string }>> = {
  gte: { zh: '不早于', en: 'is on or after' },
  lt: { zh: '早于', en: 'is before' },
};

export function opWords(op: FilterOp, subject: Subject | undefined, lang: 'zh' | 'en'): string {
  return ((subject?.family === 'day' && DAY_WORDS[op]) || WORDS[op])[lang];
}

/** {days: -30} → “最近 30 天内”. */
function daysWords(value: unknown, lang: 'zh' | 'en'): string {
  const days = typeof value === 'object' && value !== null && 'days' in value ? Number(value.days) : 0;
  const n = Math.abs(days);
  if (lang === 'zh') return days < 0 ? `最近 ${n} 天内` : `未来 ${n} 天内`;
  return days < 0 ? `the last ${n} days` : `the next ${n} days`;
}

const percent = (value: unknown): string => `${Math.round(Number(value) * 100)}%`;

/** One condition as a sentence: “客户等级 是 A重点、B潜力”. */
export function conditionWords(condition: Condition, subjects: readonly Subject[], env: FormatEnv): string {
  const subject = subjects.find((one) => one.name === condition.field);
  const { lang } = env;
  const name = subject?.label[lang] ?? condition.field;
  const words = opWords(condition.op, subject, lang);
  const show = (value: unknown): string => {
    if (value === '$me') return lang === 'zh' ? '我' : 'me';
    if (condition.op === 'within') return daysWords(value, lang);
    if (condition.op === 'confidenceBelow' || subject?.family === 'share') return percent(value);
    if (!subject?.field) return String(value ?? '');
    return formatValue(value as FieldValue, subject.field, env);
  };
  const { value } = condition;
  if (value === undefined || value === null) return `${name} ${words}`;
  if (condition.op === 'between' && Array.isArray(value)) {
    const [from, to] = value;
    return lang === 'zh'
      ? `${name} ${words} ${show(from)} 和 ${show(to)} 之间`
      : `${name} ${words} ${show(from)} and ${show(to)}`;
  }
  const list = Array.isArray(value) ? value : [value];
  const several = condition.op === 'in' || condition.op === 'notIn' || condition.op.startsWith('has');
  const joined = list.map(show).join(several && lang === 'zh' ? '、' : ', ');
  return `${name} ${words} ${joined}`;
}

/** A filter as the bar shows it: a list of conditions joined by and/or; deeper trees are shown as one chip and kept as they are. */
export interface FlatFilter {
  join: 'all' | 'any';
  parts: Filter[];
}

export function flatten(filter: Filter | undefined): FlatFilter {
  if (!filter) return { join: 'all', parts: [] };
  if ('all' in filter) return { join: 'all', parts: filter.all };
  if ('any' in filter) return { join: 'any', parts: filter.any };
  return { join: 'all', parts: [filter] };
}

export function unflatten({ join, parts }: FlatFilter): Filter | undefined {
  if (parts.length === 0) return undefined;
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  return join === 'all' ? { all: parts } : { any: parts };
}

/** Any filter in words, for chips of nested parts. */
export function filterWords(filter: Filter, subjects: readonly Subject[], env: FormatEnv): string {
  if (isCondition(filter)) return conditionWords(filter, subjects, env);
  const zh = env.lang === 'zh';
  if ('not' in filter) {
    const words = filterWords(filter.not, subjects, env);
    return zh ? `非（${words}）` : `not (${words})`;
  }
  const { join, parts } = flatten(filter);
  return parts
    .map((part) => filterWords(part, subjects, env))
    .join(join === 'all' ? (zh ? ' 且 ' : ' and ') : zh ? ' 或 ' : ' or ');
}
