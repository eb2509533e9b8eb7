import { CloseOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { Floating } from '../../ui/floating.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { type Condition, filterWords, flatten, isCondition, unflatten } from './filter-words.ts';
import { subjectsOf } from './operators.ts';
import { useViewsText } from './texts.ts';
import './views.css';

const ConditionEditor = lazy(async () => ({ default: (await import('./condition-editor.tsx')).ConditionEditor }));

/** Which condition is being edited: its place, or a new one. */
export interface Editing {
  at: number | 'new';
  start: Partial<Condition>;
  anchor: DOMRect;
}

/** The filter in words: each condition a chip that reads as a sentence, opens to be changed, and can be taken away. */
export function FilterBar({
  fields,
  own = false,
  label,
  filter,
  env,
  editing,
  onEditing,
  onChange,
}: {
  fields: FieldDef[];
  /** Only what the record itself says. */
  own?: boolean;
  /** What the conditions are of, where there are several bars. */
  label?: string | undefined;
  filter: Filter | undefined;
  env: FormatEnv;
  editing: Editing | null;
  onEditing(next: Editing | null): void;
  onChange(next: Filter | undefined): void;
}) {
  const t = useViewsText();
  const subjects = subjectsOf(fields, own);
  const flat = flatten(filter);
  const add = useRef<HTMLButtonElement>(null);
  const put = (condition: Condition) => {
    const parts =
      editing?.at === 'new'
        ? [...flat.parts, condition]
        : flat.parts.map((part, index) => (index === editing?.at ? condition : part));
    onEditing(null);
    onChange(unflatten({ join: flat.join, parts }));
  };
  return (
    <section className="xk-filter" aria-label={label ?? t('filter')}>
      {flat.parts.length > 1 && (
        <button
          type="button"
          className="xk-join"
          title={t(flat.join === 'all' ? 'match-any' : 'match-all')}
          onClick={() => onChange(unflatten({ join: flat.join === 'all' ? 'any' : 'all', parts: flat.parts }))}
        >
          {t(flat.join === 'all' ? 'match-all' : 'match-any')}
        </button>
      )}
      {flat.parts.map((part, index) => {
        const words = filterWords(part, subjects, env);
        return (
          <span key={JSON.stringify(part)} className="xk-filter-chip">
            <button
              type="button"
              disabled={!isCondition(part)}
              aria-label={t('edit-condition', { words })}
              title={words}
              onClick={(event) =>
                isCondition(part) &&
                onEditing({ at: index, start: part, anchor: event.currentTarget.getBoundingClientRect() })
              }
            >
              {words}
            </button>
            <button
              type="button"
              className="xk-filter-x"
              aria-label={t('remove-condition', { words })}
              onClick={() =>
                onChange(unflatten({ join: flat.join, parts: flat.parts.filter((_, at) => at !== index) }))
              }
            >
              <CloseOutlined />
            </button>
          </span>
        );
      })}
      <Button
        ref={add}
        size="small"
        type="text"
        icon={<PlusOutlined />}
        onClick={() => add.current && onEditing({ at: 'new', start: {}, anchor: add.current.getBoundingClientRect() })}
      >
        {t('add-condition')}
      </Button>
      {editing && (
        <Floating anchor={editing.anchor} onOutside={() => onEditing(null)} label={t('filter')}>
          <Suspense
            fallback={
              <div className="xk-condition">
                <Skeleton lines={3} />
              </div>
            }
          >
            <ConditionEditor
              key={`${editing.at}${editing.start.field ?? ''}`}
              subjects={subjects}
              start={editing.start}
              env={env}
              onDone={put}
            />
          </Suspense>
        </Floating>
      )}
    </section>
  );
}

/** Search as typed, sent after a short rest. */
export function SearchBox({ value, onChange }: { value: string; onChange(next: string): void }) {
  const t = useViewsText();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  useEffect(() => {
    // The address changed by other means: back, a view, clearing.
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (next: string, wait: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = next.trim();
      onChange(next.trim());
    }, wait);
  };
  const composing = useRef(false);
  return (
    <span className="xk-search">
      <SearchOutlined aria-hidden="true" />
      <input
        type="search"
        placeholder={t('search')}
        aria-label={t('search')}
        value={text}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          send(event.currentTarget.value, 180);
        }}
        onChange={(event) =>
          composing.current
            ? setText(event.target.value)
            : send(event.target.value, event.target.value === '' ? 0 : 220)
        }
      />
      {text !== '' && (
        <button type="button" aria-label={t('clear-search')} onClick={() => send('', 0)}>
          <CloseOutlined />
        </button>
      )}
    </span>
  );
}
