import { CHANGE_ISSUES } from '../domain/change/issues.ts';
import { FIELD_SENTENCES } from '../domain/fields/issues.ts';
import { FILTER_ISSUES } from '../domain/filter/issues.ts';
import { fill, type Issue, type Lang, type Sentences } from '../domain/issue.ts';
import { ROUND_TRIP_ISSUES } from '../domain/round-trip/issues.ts';
import type { ObjectDef } from '../domain/schema/types.ts';

const SENTENCES: Sentences = { ...FIELD_SENTENCES, ...FILTER_ISSUES, ...CHANGE_ISSUES, ...ROUND_TRIP_ISSUES };

/**
 * The one sentence of an issue, wherever it is shown: page, import file, API. `{field}` and `{label}` become the field's label,
 * `{object}` the object's. An unknown code shows itself, so that nothing is swallowed.
 */
export function issueSentence(issue: Issue, object: ObjectDef | undefined, lang: Lang): string {
  const field = object?.fields.find((candidate) => candidate.name === issue.field);
  const label = field?.label[lang] ?? issue.field ?? (lang === 'zh' ? '此项' : 'this field');
  const template = SENTENCES[issue.code]?.[lang];
  if (!template) return `${label}: ${issue.code}`;
  return fill(template, { field: label, label, ...issue.params, ...(object && { object: object.label[lang] }) });
}
