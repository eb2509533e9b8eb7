import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Label } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, ObjectDef, SelectOption } from '../../../domain/schema/types.ts';
import { root } from '../../platform/root.ts';

/** Something that can go wrong with a customer, as templates/outcomes.json declares it. */
export interface OutcomeKind {
  id: string;
  label: Label;
  /** Whom it is counted among. */
  among: Label;
  object: string;
  /** Select field whose value tells. */
  field: string;
  /** Its options that mean it went wrong: by stored value, label or alias. */
  bad: string[];
  /** Options it is counted against; absent: all others. */
  rest?: string[];
  /** Field with the moment; absent: when the value came to be what it is. */
  at?: string;
}

export function readOutcomeKinds(): OutcomeKind[] {
  return JSON.parse(readFileSync(join(root, 'templates', 'outcomes.json'), 'utf8')) as OutcomeKind[];
}

/** An outcome on a catalog that has what it needs. */
export interface BoundOutcome {
  kind: OutcomeKind;
  object: ObjectDef;
  field: FieldDef;
  parent: FieldDef;
  bad: string[];
  rest: string[];
}

/** null: this catalog has no such object, field or option, so that nothing of the kind can be recorded. */
export function bindOutcome(catalog: Catalog, kind: OutcomeKind): BoundOutcome | null {
  const object = catalog.objects.find((one) => one.name === kind.object && !one.retired);
  const live = (name: string | undefined) => object?.fields.find((one) => one.name === name && !one.retired);
  const [field, parent] = [live(kind.field), live(object?.parent)];
  if (!object || !field || !parent || (kind.at !== undefined && !live(kind.at))) return null;
  const options = field.options ?? [];
  const bad = options.filter((option) => isOneOf(option, kind.bad)).map((option) => option.value);
  const rest = options
    .filter((option) => !bad.includes(option.value) && (kind.rest === undefined || isOneOf(option, kind.rest)))
    .map((option) => option.value);
  return bad.length > 0 && rest.length > 0 ? { kind, object, field, parent, bad, rest } : null;
}

function isOneOf({ value, label, aliases }: SelectOption, words: readonly string[]): boolean {
  return [value, label.zh, label.en, ...(aliases ?? [])].some((word) => words.includes(word.trim().toLowerCase()));
}
