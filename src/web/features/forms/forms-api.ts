import type { z } from 'zod';
import type { FormView, formDesignSchema, SubmissionView } from '../../../contract/forms.ts';
import type { Label } from '../../../domain/issue.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';

export type { FormView, SubmissionView };
export type Design = z.output<typeof formDesignSchema>;
export type Question = Design['questions'][number];
export type Condition = NonNullable<Question['when']>['of'][number];

export const formKeys = {
  all: ['forms'] as const,
  list: ['forms', 'list'] as const,
  one: (id: string) => ['forms', 'one', id] as const,
  choices: ['forms', 'choices'] as const,
  preview: (design: Design, lang: string) => ['forms', 'preview', design, lang] as const,
  submissions: (form: string | undefined, state: string) => ['forms', 'submissions', form ?? '', state] as const,
  censuses: ['forms', 'censuses'] as const,
};

/** Fields that most forms ask for, in this order, where an object has them. */
const USUAL = ['name', 'company', 'person', 'contact_name', 'mobile', 'email', 'need'];

/** A form to begin with: what the object must have, and how to reach whoever fills it in. */
export function firstDesign(
  object: ObjectDef,
  fields: readonly string[],
  name: string,
  words: { title: Label; thanks: Label },
): Design {
  const wanted = object.fields.filter(
    (field) =>
      fields.includes(field.name) && (USUAL.includes(field.name) || (field.required && field.default === undefined)),
  );
  const place = (field: FieldDef) => (USUAL.indexOf(field.name) + USUAL.length + 1) % (USUAL.length + 1);
  const asked = wanted.toSorted((a, b) => place(a) - place(b));
  return {
    name,
    ...words,
    intro: { zh: '', en: '' },
    object: object.name,
    questions: asked.map((field, n) => ({
      ...{ id: `q${n + 1}`, object: object.name, field: field.name },
      ...(field.type === 'phone' && { required: true }),
    })),
    fixed: [],
    ...{ outcome: 'create', tell: [], sites: [], perAddress: 60, perMinute: 600 },
  };
}

/** An id that no question of the form has. */
export function freeId(questions: readonly Question[]): string {
  const used = new Set(questions.map(({ id }) => id));
  let n = questions.length + 1;
  while (used.has(`q${n}`)) n++;
  return `q${n}`;
}

/** What a question answers with, where that can be told from a list. */
export const optionsOf = (field: FieldDef | undefined): { value: string; label: Label }[] =>
  field?.type === 'boolean'
    ? [
        { value: 'true', label: { zh: '是', en: 'Yes' } },
        { value: 'false', label: { zh: '否', en: 'No' } },
      ]
    : (field?.options ?? []).filter(({ retired }) => !retired);

/** A label in both languages out of one that is half filled in; undefined: empty. */
export function wholeLabel({ zh, en }: Label): Label | undefined {
  const [a, b] = [zh.trim(), en.trim()];
  return a === '' && b === '' ? undefined : { zh: a || b, en: b || a };
}
