import type { HealthReport } from '../../../contract/freshness.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { fill, type Label } from '../../../domain/issue.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';

interface HealthAction {
  code: string;
  message: Label;
  count: number;
  filter?: Filter;
}

const SENTENCES: Record<string, Label> = {
  stale: {
    zh: '{count} 条记录有信息已到核实时间，先从价值高的开始',
    en: '{count} records are due for a check; begin with the most valuable',
  },
  missing: { zh: '{count} 条记录缺少{field}，补齐后才能联系', en: '{count} records lack {field}' },
  duplicate: {
    zh: '{count} 条记录的{field}相同，可能是同一家',
    en: '{count} records share the same {field} and may be one',
  },
  unowned: {
    zh: '{count} 条记录没有负责人，没有人会去核实',
    en: '{count} records have no owner, so nobody will check them',
  },
  invalid: {
    zh: '抽查发现 {count} 个{field}不符合现在的规则',
    en: '{count} values of {field} in the sample break the rules in force',
  },
};

/** What to do first, most records first; each leads to its rows. */
export function healthActions(object: ObjectDef, report: Omit<HealthReport, 'actions'>): HealthAction[] {
  const actions: HealthAction[] = [];
  const add = (code: string, count: number, filter?: Filter, field?: Label): void => {
    const sentence = SENTENCES[code];
    if (count <= 0 || !sentence) return;
    const say = (lang: 'zh' | 'en') =>
      fill(sentence[lang], { count: count.toLocaleString(lang === 'zh' ? 'zh-CN' : 'en'), field: field?.[lang] ?? '' });
    actions.push({ code, message: { zh: say('zh'), en: say('en') }, count, ...(filter && { filter }) });
  };
  add('stale', report.due.now, { field: '$due_at', op: 'lte', value: report.at });
  for (const part of report.completeness.parts.slice(0, 3))
    add('missing', part.count, { field: part.field, op: 'empty' }, part.label);
  for (const key of report.uniqueness.byKey.slice(0, 2)) add('duplicate', key.records, undefined, key.label);
  for (const part of report.validity.parts.slice(0, 2))
    add('invalid', part.count, { field: part.field, op: 'notEmpty' }, part.label);
  const unowned = report.byOwner.find((owner) => owner.owner === null);
  if (object.owner && unowned) add('unowned', unowned.records, { field: object.owner, op: 'empty' });
  return actions.sort((a, b) => b.count - a.count).slice(0, 8);
}
