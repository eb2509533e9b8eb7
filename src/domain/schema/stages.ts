import type { FieldDef, ObjectDef, SelectOption, StageSetting } from './types.ts';

/** One step of a process: an option of a stage field. */
export interface Stage extends StageSetting {
  value: string;
  label: SelectOption['label'];
}

/** Options of a stage field in their order, retired ones too: the past knows them. Those without a setting are open and of no known chance. */
export function stagesOf(field: FieldDef): Stage[] {
  if (field.type !== 'select' || !field.stage) return [];
  return (field.options ?? []).map(({ value, label, stage }) => ({
    value,
    label,
    kind: stage?.kind ?? 'open',
    probability: stage?.probability ?? 0,
  }));
}

/** The field that says how far a record is; an object has one at most that counts, the first. */
export function stageField(object: ObjectDef): FieldDef | undefined {
  return object.fields.find((field) => field.stage && field.type === 'select' && !field.retired);
}

/** Fields whose options can be columns of a board, stages first. */
export function boardFields(object: ObjectDef): FieldDef[] {
  const choices = object.fields.filter((field) => field.type === 'select' && !field.retired);
  return choices.sort((a, b) => Number(b.stage ?? false) - Number(a.stage ?? false));
}

/** Fields whose sums say something on a board: money first. */
export function sumFields(object: ObjectDef): FieldDef[] {
  const numbers = object.fields.filter((field) => ['money', 'number'].includes(field.type) && !field.retired);
  return numbers.sort((a, b) => Number(b.type === 'money') - Number(a.type === 'money'));
}

/** A choice becomes a process: chances rise evenly, and the firm says better. */
export function asStages(options: readonly SelectOption[]): SelectOption[] {
  const live = options.filter((option) => !option.retired);
  return options.map((option) => {
    const at = live.indexOf(option);
    const probability = Math.round((100 * (at + 1)) / (live.length + 1)) / 100;
    return option.stage ? option : { ...option, stage: { kind: 'open', probability: at < 0 ? 0 : probability } };
  });
}
