import { issueSentence } from '../../../contract/issue-sentence.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { type FormDesign, type FormQuestion, shownQuestions } from '../../../domain/forms/index.ts';
import type { Issue, Lang } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';

/** A question with the field it asks for, under the name that the form gives it. */
export interface Asked {
  question: FormQuestion;
  object: ObjectDef;
  field: FieldDef;
}

/** Questions whose fields still exist, in order. */
export function askedOf(design: FormDesign, catalog: Catalog): Asked[] {
  return design.questions.flatMap((question): Asked[] => {
    const object = catalog.objects.find(({ name, retired }) => name === question.object && !retired);
    const field = object && fieldOf(object, question.field);
    if (!object || !field || field.retired) return [];
    return [{ question, object, field: question.label ? { ...field, label: question.label } : field }];
  });
}

export type Answers = Record<string, string[]>;

export interface ReadAnswers {
  /** To questions that were asked, as they were typed. */
  answers: Answers;
  /** Sentences beside questions. */
  problems: Map<string, string>;
  /** Canonical, by object. */
  values: Record<string, Record<string, FieldValue>>;
}

/**
 * What was answered, by the same rules as every other way in: fields are parsed by their types, and what a question or a field demands must be there. What
 * the database knows (that a value must be the only one of its kind) is no matter of the page: it would tell who is on record.
 */
export function readAnswers(asked: readonly Asked[], given: Answers, env: ParseEnv, lang: Lang): ReadAnswers {
  const shown = new Set(
    shownQuestions(
      asked.map(({ question }) => question),
      given,
    ),
  );
  const read: ReadAnswers = { answers: {}, problems: new Map(), values: {} };
  for (const { question, object, field } of asked) {
    if (!shown.has(question.id)) continue;
    const typed = (given[question.id] ?? []).filter((text) => text.trim() !== '');
    const raw = field.type === 'multiselect' ? (typed.length > 0 ? typed : null) : (typed[0] ?? null);
    const parsed = parseField(raw, field, env);
    const tell = (issue: Issue) =>
      read.problems.set(question.id, issueSentence(issue, { ...object, fields: [field] }, lang));
    if (!parsed.ok) {
      tell(parsed.issue);
      continue;
    }
    const empty = parsed.value === null || (Array.isArray(parsed.value) && parsed.value.length === 0);
    if (empty) {
      if (question.required || field.required) tell({ code: 'required', field: field.name });
      continue;
    }
    read.answers[question.id] = typed;
    read.values[object.name] = { ...read.values[object.name], [field.name]: parsed.value };
  }
  return read;
}
