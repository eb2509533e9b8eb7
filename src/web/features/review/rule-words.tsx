import type { ReactNode } from 'react';
import type { DecideRuleInput, HoldRuleInput } from '../../../contract/review.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { percentText } from './inbox-model.ts';
import { useRulesText } from './rules-texts.ts';
import { useReviewText } from './texts.ts';

/** How conditions on records are shown and edited; the screen brings it from the tables' filter bar. */
export interface ConditionTools {
  Words(props: { object: ObjectDef; filter: Filter }): ReactNode;
  /** `own`: fields of the record itself only. */
  Editor(props: {
    object: ObjectDef;
    own: boolean;
    filter: Filter | undefined;
    onChange(next: Filter | undefined): void;
  }): ReactNode;
}

/** A rule that decides, as a sentence. */
export function DecideWords({ rule, tools }: { rule: DecideRuleInput; tools: ConditionTools }) {
  const t = useRulesText();
  const words = useReviewText();
  const common = useCommonWords(rule);
  const from = rule.from.map((origin) => words(`from-${origin}`)).join(t('comma'));
  const parts = [
    from === '' ? t('w-anywhere') : t('w-from', { from }),
    common.what,
    ...(rule.only ? [t(`w-${rule.only}`)] : []),
    ...(rule.confidence !== undefined ? [t('w-confidence', { percent: percentText(rule.confidence) })] : []),
  ];
  return (
    <Sentence
      parts={parts}
      object={common.object}
      filter={rule.filter}
      tools={tools}
      outcome={t(`action-${rule.action}`)}
    />
  );
}

/** A rule that holds, as a sentence. */
export function HoldWords({ rule, tools }: { rule: HoldRuleInput; tools: ConditionTools }) {
  const t = useRulesText();
  const words = useReviewText();
  const common = useCommonWords(rule);
  const from = rule.from.map((origin) => words(`from-${origin}`)).join(t('comma'));
  const parts = [
    ...(rule.by ? [t(`by-${rule.by}`)] : []),
    from === '' ? t('w-anywhere') : t('w-from', { from }),
    common.what,
    ...(rule.overwrites ? [t('w-overwrites')] : []),
    ...(rule.times !== undefined ? [t('w-times', { times: rule.times })] : []),
    ...(rule.trustBelow !== undefined ? [t('w-trust', { percent: percentText(rule.trustBelow) })] : []),
  ];
  return <Sentence parts={parts} object={common.object} filter={rule.filter} tools={tools} outcome={t('w-hold')} />;
}

function Sentence({
  parts,
  object,
  filter,
  tools,
  outcome,
}: {
  parts: string[];
  object: ObjectDef | undefined;
  filter: Filter | undefined;
  tools: ConditionTools;
  outcome: string;
}) {
  const t = useRulesText();
  return (
    <>
      {parts.join(t('semicolon'))}
      {object && filter && (
        <>
          {t('semicolon')}
          <tools.Words object={object} filter={filter} />
        </>
      )}
      <span aria-hidden="true"> → </span>
      <strong>{outcome}</strong>
    </>
  );
}

function useCommonWords(rule: { object?: string | undefined; fields: string[] }) {
  const t = useRulesText();
  const label = useLabel();
  const { objects } = useCatalog();
  const object = objects.find(({ name }) => name === rule.object);
  const fields = rule.fields
    .map((name) => label(object?.fields.find((field) => field.name === name)?.label) || name)
    .join(t('comma'));
  const what = !object
    ? t('w-anything')
    : fields === ''
      ? t('w-all-of', { object: label(object.label) })
      : t('w-of', { object: label(object.label), fields });
  return { object, what };
}
