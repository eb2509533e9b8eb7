import { useState } from 'react';
import type { Filter } from '../../domain/filter/types.ts';
import type { ObjectDef } from '../../domain/schema/types.ts';
import { type Editing, FilterBar } from '../features/views/filter-bar.tsx';
import { filterWords } from '../features/views/filter-words.ts';
import { subjectsOf } from '../features/views/operators.ts';
import { useFormatEnv } from '../fields/sources.ts';

/** The tables' filter bar, for the conditions of rules. */
export const CONDITION_TOOLS = { Words, Editor };

function Words({ object, filter }: { object: ObjectDef; filter: Filter }) {
  const env = useFormatEnv(object.fields);
  return <>{filterWords(filter, subjectsOf(object.fields), env)}</>;
}

function Editor({
  object,
  own,
  label,
  filter,
  onChange,
}: {
  object: ObjectDef;
  own: boolean;
  label?: string;
  filter: Filter | undefined;
  onChange(next: Filter | undefined): void;
}) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const env = useFormatEnv(object.fields);
  const fields = object.fields.filter(({ retired }) => !retired);
  return (
    <FilterBar
      fields={fields}
      own={own}
      label={label}
      filter={filter}
      env={env}
      editing={editing}
      onEditing={setEditing}
      onChange={onChange}
    />
  );
}
