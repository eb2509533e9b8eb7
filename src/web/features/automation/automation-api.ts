import type { ReactNode } from 'react';
import type { RuleInput, RuleView } from '../../../contract/automation.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';

export const automationKeys = {
  all: ['automation'] as const,
  rules: ['automation', 'rules'] as const,
  presets: ['automation', 'presets'] as const,
  firings: ['automation', 'firings'] as const,
  deliveries: ['automation', 'deliveries'] as const,
  webhooks: ['automation', 'webhooks'] as const,
};

export type { RuleInput, RuleView };
export type When = RuleInput['when'];
export type Then = RuleInput['steps'][number];

/** How conditions are shown and edited; the screen brings it from the tables' filter bar. */
export interface ConditionTools {
  Words(props: { object: ObjectDef; filter: Filter }): ReactNode;
  /** `own`: fields of the record itself only. */
  Editor(props: {
    object: ObjectDef;
    own: boolean;
    label: string;
    filter: Filter | undefined;
    onChange(next: Filter | undefined): void;
  }): ReactNode;
}

/** The object of the record that a rule is about. */
export function subjectName(when: When, objects: readonly ObjectDef[]): string {
  if (when.on !== 'count') return when.object;
  const object = objects.find(({ name }) => name === when.object);
  return object?.fields.find(({ name }) => name === when.of)?.target ?? when.object;
}

/** A rule as it is sent: without what the server adds. */
export function inputOf(rule: RuleView): RuleInput {
  const { name, off, when, if: condition, steps: actions, preset } = rule;
  return {
    name,
    when,
    steps: actions,
    ...(off && { off }),
    ...(condition && { if: condition }),
    ...(preset !== undefined && { preset }),
  };
}
