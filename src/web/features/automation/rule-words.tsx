import { fillTemplate } from '../../../domain/automation/template.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel, useNoun } from '../../i18n/core.ts';
import { type ConditionTools, type RuleInput, subjectName, type Then, type When } from './automation-api.ts';
import { type AutomationText, useAutomationText } from './texts/words.ts';

type Whom = Extract<Then, { do: 'notify' }>['to'];

/** A rule as one sentence: when, if, then. */
export function RuleWords({ rule, tools }: { rule: RuleInput; tools: ConditionTools }) {
  const t = useAutomationText();
  const say = useRuleWords();
  const { objects } = useCatalog();
  const { when } = rule;
  const named = (name: string) => objects.find((one) => one.name === name);
  const subject = named(subjectName(when, objects));
  const counted = when.on === 'count' || when.on === 'silence' ? when.filter : undefined;
  const before = when.on === 'changed' ? when.before : undefined;
  const condition = (word: string, object: ObjectDef | undefined, filter: Filter | undefined) =>
    object &&
    filter && (
      <>
        {t('clause')}
        {word} <tools.Words object={object} filter={filter} />
      </>
    );
  return (
    <>
      {say.when(when)}
      {condition(t('w-counted'), named(when.on === 'silence' ? when.by : when.object), counted)}
      {condition(t('w-from'), subject, before)}
      {condition(t('w-if'), subject, rule.if)}
      <span aria-hidden="true"> → </span>
      <strong>{rule.steps.map((action) => say.then(action, subject)).join(t('semicolon'))}</strong>
    </>
  );
}

/** Words of the parts of a rule. */
export function useRuleWords() {
  const t = useAutomationText();
  const label = useLabel();
  const noun = useNoun();
  const { objects } = useCatalog();
  const accounts = useAccounts();
  const objectWord = (name: string) => noun(objects.find((one) => one.name === name)?.label) || name;
  const fieldOf = (object: ObjectDef | undefined, name: string) => object?.fields.find((one) => one.name === name);
  const fieldWord = (object: ObjectDef | undefined, name: string) => label(fieldOf(object, name)?.label) || name;

  const whom = (to: Whom): string =>
    to.who === 'person' ? (accounts.find(({ id }) => id === to.account)?.name ?? '—') : t(`who-${to.who}`);

  const when = (one: When): string => {
    const object = objects.find(({ name }) => name === one.object);
    const words = objectWord(one.object);
    switch (one.on) {
      case 'changed': {
        if (one.fields.length === 0) return t('w-changed-any', { object: words });
        const fields = one.fields.map((name) => fieldWord(object, name)).join(t('comma'));
        return t(one.becomes ? 'w-becomes' : 'w-changed', { object: words, fields });
      }
      case 'event':
        return t(`w-${one.event}`, { object: words });
      case 'count':
        return t('w-count', {
          subject: objectWord(subjectName(one, objects)),
          n: one.atLeast,
          days: one.days,
          object: words,
        });
      case 'silence':
        return t('w-silence', { object: words, by: objectWord(one.by), days: one.days });
      case 'still':
        return t('w-still', { object: words, field: fieldWord(object, one.field), days: one.days });
      case 'date': {
        const field = fieldWord(object, one.field);
        const parts = { object: words, field, days: Math.abs(one.days), hour: one.hour };
        if (one.days === 0) return t('w-date-0', parts);
        if (one.yearly) return t('w-yearly', parts);
        return t(one.days < 0 ? 'w-date-before' : 'w-date-after', parts);
      }
      case 'every':
        return one.every === 'day'
          ? t('w-day', { hour: one.hour, object: words })
          : t('w-week', { hour: one.hour, object: words, weekday: weekdayWord(t, one.weekday ?? 1) });
      default:
        return t(`w-${one.on}`, { object: words });
    }
  };

  const then = (action: Then, subject: ObjectDef | undefined): string => {
    const on = 'on' in action && action.on !== undefined ? fieldOf(subject, action.on)?.target : undefined;
    const object = on === undefined ? subject : objects.find(({ name }) => name === on);
    const field = 'field' in action ? fieldOf(object, action.field) : undefined;
    const name = 'field' in action ? fieldWord(object, action.field) : '';
    /** Places read as the fields they stand for. */
    const text = (words: string): string =>
      fillTemplate(words, (place) => {
        const [first = '', rest] = place.split('.');
        return `{${fieldWord(subject, first === 'before' && rest !== undefined ? rest : first)}}`;
      });
    switch (action.do) {
      case 'task':
        return t('w-task', { who: whom(action.to), text: text(action.title) });
      case 'notify':
        return t('w-notify', { who: whom(action.to), text: text(action.text) });
      case 'set':
      case 'propose':
        return t(`w-${action.do}`, { field: name, value: valueWords(field, action.value, label) });
      case 'tag':
        return [
          ...(action.add.length > 0
            ? [t('w-tag-add', { field: name, value: valueWords(field, action.add, label) })]
            : []),
          ...(action.remove.length > 0
            ? [t('w-tag-remove', { field: name, value: valueWords(field, action.remove, label) })]
            : []),
        ].join(t('semicolon'));
      case 'assign':
        return action.to.who === 'person' ? t('w-assign-person', { who: whom(action.to) }) : t('w-assign-team');
      case 'webhook':
        return t('w-webhook');
      case 'mail':
        return t('w-mail', { text: text(action.subject) });
    }
  };
  return { when, then, fieldWord };
}

export const weekdayWord = (t: AutomationText, day: number): string =>
  t(`wd-${([1, 2, 3, 4, 5, 6, 7] as const).find((one) => one === day) ?? 1}`);

function valueWords(
  field: FieldDef | undefined,
  value: FieldValue,
  label: (of: { zh: string; en: string } | undefined) => string,
): string {
  const one = (part: string): string => label(field?.options?.find((option) => option.value === part)?.label) || part;
  if (Array.isArray(value)) return value.map(one).join('、');
  return value === null ? '—' : one(String(value));
}
