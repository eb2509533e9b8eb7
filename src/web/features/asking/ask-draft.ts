import type { z } from 'zod';
import type { asking } from '../../../contract/asking.ts';
import type { Lang } from '../../../domain/issue.ts';

type Reply = z.output<NonNullable<typeof asking.draft.response>>;
export type Draft = Reply;
export type DraftPerson = Reply['people'][number];

/** What the dialog holds: who, which fields, which way, which letter. */
export interface AskForm {
  people: Record<string, { way: 'mail' | 'link'; fields: string[] }>;
  fields: string[];
  template: string;
  lang: Lang;
  subject: string;
  body: string;
  expireDays: number;
  remindDays: number;
}

/** The customer himself has no contact record. */
export const personKey = (person: DraftPerson): string => person.contact ?? 'self';

/** What is ticked when the dialog opens: fields past due, and the first person who can be reached, by mail where that works. */
export function firstForm(draft: Draft, lang: Lang): AskForm {
  const template = draft.templates[0];
  const reachable = draft.people.find((person) => person.email !== null) ?? draft.people[0];
  return {
    people: reachable ? { [personKey(reachable)]: choiceOf(draft, reachable) } : {},
    fields: draft.fields.filter((field) => field.suggested).map((field) => field.field),
    template: template?.id ?? '',
    lang,
    subject: template?.subject[lang] ?? '',
    body: template?.body[lang] ?? '',
    expireDays: draft.expireDays,
    remindDays: draft.remindDays,
  };
}

export function choiceOf(draft: Draft, person: DraftPerson): AskForm['people'][string] {
  return {
    way: draft.mail && person.email !== null ? 'mail' : 'link',
    fields: person.fields.filter((field) => field.suggested).map((field) => field.field),
  };
}

/** The letter of a template in a language; what was typed over it is gone, as the person chose another. */
export function withTemplate(form: AskForm, draft: Draft, template: string, lang: Lang): AskForm {
  const found = draft.templates.find((one) => one.id === template);
  return {
    ...form,
    template,
    lang,
    subject: found?.subject[lang] ?? form.subject,
    body: found?.body[lang] ?? form.body,
  };
}

export const toggled = (list: string[], item: string): string[] =>
  list.includes(item) ? list.filter((one) => one !== item) : [...list, item];

/** Can it be sent: someone chosen, and for each of them at least one field. */
export function isComplete(form: AskForm): boolean {
  const chosen = Object.values(form.people);
  return chosen.length > 0 && chosen.every((person) => form.fields.length + person.fields.length > 0);
}

/** Body of the call. */
export function requestOf(form: AskForm, draft: Draft, object: string, id: string) {
  return {
    object,
    id,
    fields: form.fields,
    people: draft.people.flatMap((person) => {
      const choice = form.people[personKey(person)];
      if (!choice) return [];
      return [{ ...(person.contact !== null && { contact: person.contact }), name: person.name, ...choice }];
    }),
    lang: form.lang,
    template: form.template,
    ...(form.subject.trim() !== '' && { subject: form.subject }),
    ...(form.body.trim() !== '' && { message: form.body }),
    expireDays: form.expireDays,
    remindDays: form.remindDays,
  };
}
