import { useEffect, useRef, useState } from 'react';
import type { FieldDef, FieldValue } from '../../domain/schema/types.ts';
import { useLabel } from '../i18n/core.ts';
import { Calendar } from './calendar.tsx';
import { choicesOf } from './format.ts';
import { editingOf, isMultiple } from './kinds.ts';
import { PickList } from './pick-list.tsx';
import { type Option, useOptions } from './sources.ts';

export interface FieldPanelProps {
  field: FieldDef;
  value: FieldValue | undefined;
  /** What is typed in the text box that drives the panel. */
  text: string;
  typed: boolean;
  commit(value: FieldValue, move: 'down' | 'right' | 'none', shown?: string): void;
  onKeys(handler: (event: KeyboardEvent) => boolean): void;
  /** Called when the panel is left by a press outside; several choices are kept then. */
  onLeave(handler: () => void): void;
}

/** The panel below a text box that edits a picked value: list or calendar. The same in the table, on the record page and in 今日. */
export function FieldPanel(props: FieldPanelProps) {
  return editingOf(props.field) === 'calendar' ? <DayPanel {...props} /> : <PickPanel {...props} />;
}

function PickPanel({ field, value, text, typed, commit, onKeys, onLeave }: FieldPanelProps) {
  const label = useLabel();
  const multiple = isMultiple(field);
  const [chosen, setChosen] = useState(() =>
    typeof value === 'boolean' || typeof value === 'number' ? [String(value)] : choicesOf(value),
  );
  const { options, loading } = useOptions(field, text);
  const before = useRef(chosen);
  const pick = (option: Option, move: 'down' | 'right' | 'none') => {
    if (!multiple) {
      commit(typedValue(field, option.value), move, option.label);
      return;
    }
    setChosen((old) =>
      old.includes(option.value) ? old.filter((one) => one !== option.value) : [...old, option.value],
    );
  };
  const done = (move: 'down' | 'right' | 'none') => commit(chosen, move);
  useEffect(() =>
    onLeave(() => {
      if (multiple && chosen.join() !== before.current.join()) done('none');
    }),
  );
  return (
    <PickList
      options={options}
      loading={loading}
      chosen={chosen}
      multiple={multiple}
      typed={typed && text !== ''}
      label={label(field.label)}
      onPick={pick}
      onDone={done}
      onKeys={onKeys}
    />
  );
}

function typedValue(field: FieldDef, value: string): FieldValue {
  if (field.type === 'boolean') return value === 'true';
  if (field.type === 'rating') return Number(value);
  return value;
}

function DayPanel({ field, value, text, commit, onKeys }: FieldPanelProps) {
  // A picked day keeps the time of day that the text holds.
  const time = field.type === 'datetime' ? (/\d{1,2}:\d{2}\s*$/.exec(text)?.[0]?.trim() ?? '09:00') : null;
  return (
    <Calendar
      value={typeof value === 'string' ? value : null}
      text={text}
      onPick={(day, move) => commit(time ? `${day} ${time}` : day, move)}
      onText={(typed, move) => commit(typed.trim() === '' ? null : typed, move)}
      onKeys={onKeys}
    />
  );
}
