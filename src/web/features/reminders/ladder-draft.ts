import type { ReminderSettings } from '../../../contract/reminders.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';

export type Ladder = ReminderSettings['ladders'][number];

/** A group that the page can name: one choice of one field, everyone, or a condition made elsewhere. */
export function groupOf(ladder: Ladder): string {
  const { filter } = ladder;
  if (!filter) return '';
  if ('field' in filter && filter.op === 'eq' && typeof filter.value === 'string')
    return `${filter.field}=${filter.value}`;
  return '*';
}

export function withGroup(ladder: Ladder, group: string, name: string): Ladder {
  const [field = '', value = ''] = group.split('=');
  const { filter: _, ...rest } = ladder;
  return group === '' ? { ...rest, name: '' } : { ...rest, name, filter: { field, op: 'eq', value } };
}

/** Groups to choose from: every choice of the object's select fields. */
export function groupsOf(object: ObjectDef | undefined): { value: string; label: { zh: string; en: string } }[] {
  return (object?.fields ?? [])
    .filter((field) => field.type === 'select' && !field.retired)
    .flatMap((field) =>
      (field.options ?? [])
        .filter((option) => !option.retired)
        .map((option) => ({
          value: `${field.name}=${option.value}`,
          label: { zh: `${field.label.zh}：${option.label.zh}`, en: `${field.label.en}: ${option.label.en}` },
        })),
    );
}

/** `7, 15` ⇄ steps; what is no number of days is left out. */
export const daysOf = (ladder: Ladder, to: 'owner' | 'manager'): string =>
  ladder.steps
    .filter((step) => step.to === to)
    .map((step) => step.days)
    .join(', ');

export function withDays(ladder: Ladder, to: 'owner' | 'manager', text: string): Ladder {
  const days = readNumbers(text).filter((n) => n >= 1 && n <= 730);
  const others = ladder.steps.filter((step) => step.to !== to && !days.includes(step.days));
  return {
    ...ladder,
    steps: [...others, ...days.map((n) => ({ days: n, to }))].sort((a, b) => a.days - b.days).slice(0, 6),
  };
}

const readNumbers = (text: string): number[] => [
  ...new Set([...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))),
];

/** Dates in a text, whatever stands between them. */
export const readDays = (text: string): string[] =>
  [...new Set(text.match(/\d{4}-\d{2}-\d{2}/g) ?? [])].filter((day) => !Number.isNaN(Date.parse(day))).sort();
