import { expect, test } from 'vitest';
import { asStages, boardFields, stageField, stagesOf } from './stages.ts';
import type { FieldDef, ObjectDef } from './types.ts';

const label = (text: string) => ({ zh: text, en: text });
const field = (name: string, more: Partial<FieldDef>): FieldDef => ({
  ...{ id: 1, object: 'deal', name, label: label(name), type: 'select', position: 1 },
  ...more,
});

test('a choice becomes a process whose chances rise, and what is said already stays', () => {
  const options = asStages([
    { value: 'a', label: label('a') },
    { value: 'old', label: label('old'), retired: true },
    { value: 'b', label: label('b'), stage: { kind: 'won', probability: 1 } },
    { value: 'c', label: label('c') },
  ]);
  expect(options.map(({ stage }) => stage)).toEqual([
    { kind: 'open', probability: 0.25 },
    { kind: 'open', probability: 0 },
    { kind: 'won', probability: 1 },
    { kind: 'open', probability: 0.75 },
  ]);
});

test('boards begin with the stage; options without a setting count as open', () => {
  const stage = field('stage', { stage: true, options: [{ value: 'x', label: label('x') }] });
  const object = { fields: [field('kind', {}), field('note', { type: 'text' }), stage] } as unknown as ObjectDef;
  expect(boardFields(object).map(({ name }) => name)).toEqual(['stage', 'kind']);
  expect(stageField(object)?.name).toBe('stage');
  expect(stagesOf(stage)).toEqual([{ value: 'x', label: label('x'), kind: 'open', probability: 0 }]);
  expect(stagesOf(field('kind', { options: [{ value: 'x', label: label('x') }] }))).toEqual([]);
});
