import { fieldsIn } from '../filter/fields-in.ts';
import { findField, findObject, isSystemName } from '../filter/subject.ts';
import type { Filter } from '../filter/types.ts';
import type { Label } from '../issue.ts';
import type { Catalog, FieldDef, ObjectDef } from '../schema/types.ts';
import { placesIn } from './template.ts';
import { type Rule, subjectOf, type Then } from './types.ts';

const say = (zh: string, en: string): Label => ({ zh, en });

/**
 * What is wrong with a rule, in words; empty: it can run. Conditions themselves are checked by `validateFilter`, which knows the author's permissions.
 */
export function ruleProblems(rule: Rule, catalog: Catalog): Label[] {
  const { when } = rule;
  const object = live(findObject(catalog, when.object));
  if (!object) return [say(`没有对象“${when.object}”`, `there is no object “${when.object}”`)];
  const problems: Label[] = [];
  const need = (of: ObjectDef, name: string, types?: FieldDef['type'][]): FieldDef | null => {
    const field = findField(of, name);
    if (!field || field.retired) {
      problems.push(say(`“${of.label.zh}”没有字段“${name}”`, `“${of.label.en}” has no field “${name}”`));
      return null;
    }
    if (types && !types.includes(field.type)) {
      problems.push(say(`字段“${field.label.zh}”不适用于此处`, `the field “${field.label.en}” does not fit here`));
      return null;
    }
    return field;
  };
  // Figures over other records become others without a change of their own.
  const changing = (name: string): void => {
    const field = need(object, name);
    if (field?.rollup)
      problems.push(
        say(
          `“${field.label.zh}”由系统汇总，它的变化不会触发规则，请改用被汇总的记录`,
          `“${field.label.en}” is a roll-up and wakes no rule; use the records it looks at`,
        ),
      );
  };
  if (when.on === 'changed') for (const field of when.fields) changing(field);
  if (when.on === 'still') changing(when.field);
  if (when.on === 'date') need(object, when.field, ['date', 'datetime']);
  if (when.on === 'count') need(object, when.of, ['relation']);
  if (when.on === 'silence') {
    const by = live(findObject(catalog, when.by));
    if (!by) problems.push(say(`没有对象“${when.by}”`, `there is no object “${when.by}”`));
    else if (need(by, when.of, ['relation'])?.target !== object.name)
      problems.push(say('所选关联不指向这个对象', 'the relation does not point at this object'));
    if (by && when.at !== undefined) need(by, when.at, ['date', 'datetime']);
  }
  if (when.on === 'count' && when.at !== undefined) need(object, when.at, ['date', 'datetime']);
  for (const filter of ownOnly(rule)) {
    const beyond = fieldsIn(filter).find((name) => name.includes('.') || isSystemName(name));
    if (beyond !== undefined)
      problems.push(
        say(
          `此处的条件只能用记录自己的字段（${beyond}）`,
          `this condition may use the record’s own fields only (${beyond})`,
        ),
      );
  }
  const name = subjectOf(when, (of, relation) => findField(findObject(catalog, of) ?? object, relation)?.target);
  const subject = live(findObject(catalog, name ?? ''));
  if (!subject) return problems;
  if (rule.steps.length === 0) problems.push(say('请至少选择一个动作', 'choose at least one action'));
  for (const action of rule.steps) problems.push(...actionProblems(action, subject, catalog));
  return problems;
}

const live = (object: ObjectDef | undefined): ObjectDef | null => (object && !object.retired ? object : null);

/** Conditions that are judged in memory, over what was before or over a record that counts. */
function ownOnly({ when, if: condition }: Rule): Filter[] {
  const found: (Filter | undefined)[] = [];
  if (when.on === 'changed') found.push(when.before, when.becomes ? condition : undefined);
  if (when.on === 'count' || when.on === 'silence') found.push(when.filter);
  if (when.on === 'deleted') found.push(condition);
  return found.filter((filter) => filter !== undefined);
}

function actionProblems(action: Then, subject: ObjectDef, catalog: Catalog): Label[] {
  const problems: Label[] = [];
  const unknown = (of: ObjectDef, name: string) =>
    problems.push(say(`“${of.label.zh}”没有字段“${name}”`, `“${of.label.en}” has no field “${name}”`));
  let object = subject;
  if ('on' in action && action.on !== undefined) {
    const target = live(findObject(catalog, findField(subject, action.on)?.target ?? ''));
    if (!target) return [say(`关联“${action.on}”不存在`, `there is no relation “${action.on}”`)];
    object = target;
  }
  if ('field' in action) {
    const field = findField(object, action.field);
    if (!field || field.retired) unknown(object, action.field);
    else if (action.do === 'tag' && field.type !== 'tags' && field.type !== 'multiselect')
      problems.push(say(`字段“${field.label.zh}”不是标签`, `the field “${field.label.en}” holds no tags`));
    else if (action.do === 'mail' && field.type !== 'email')
      problems.push(say(`字段“${field.label.zh}”不是邮箱`, `the field “${field.label.en}” is no mail address`));
    else if (field.readonly)
      problems.push(say(`字段“${field.label.zh}”不能修改`, `“${field.label.en}” can’t be changed`));
  }
  if (action.do === 'assign' && subject.owner === undefined)
    problems.push(say(`“${subject.label.zh}”没有负责人`, `“${subject.label.en}” has no owner`));
  if (action.do === 'task' && !live(findObject(catalog, 'task')))
    problems.push(say('没有“任务”对象', 'there is no object for tasks'));
  for (const place of textsOf(action).flatMap(placesIn)) {
    const [first = '', rest] = place.split('.');
    if (first === 'before' && rest !== undefined) {
      if (!findField(subject, rest)) unknown(subject, rest);
    } else {
      const field = findField(subject, first);
      const inner = field && rest !== undefined ? findObject(catalog, field.target ?? '') : undefined;
      if (!field) unknown(subject, first);
      else if (rest !== undefined && !(inner && findField(inner, rest))) unknown(inner ?? subject, place);
    }
  }
  return problems;
}

/** Texts of an action that may hold places. */
export function textsOf(action: Then): string[] {
  switch (action.do) {
    case 'task':
      return [action.title, action.remark ?? ''];
    case 'notify':
      return [action.text];
    case 'mail':
      return [action.subject, action.text];
    case 'set':
    case 'propose':
      return typeof action.value === 'string' ? [action.value] : [];
    default:
      return [];
  }
}
