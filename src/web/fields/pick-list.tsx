import { useEffect, useId, useRef, useState } from 'react';
import { useText } from '../i18n/core.ts';
import type { Option } from './sources.ts';
import './fields.css';

/**
 * Options driven by a text box elsewhere: arrows and Enter arrive through `onKeys`. One click or Enter picks; with `multiple` picks toggle
 * and Enter on nothing typed ends.
 */
export function PickList({
  options,
  loading,
  chosen,
  multiple,
  typed,
  label,
  onPick,
  onDone,
  onKeys,
}: {
  options: Option[];
  loading: boolean;
  chosen: string[];
  multiple: boolean;
  typed: boolean;
  label: string;
  onPick(option: Option, move: 'down' | 'right' | 'none'): void;
  /** multiple: ends with what is chosen. */
  onDone(move: 'down' | 'right' | 'none'): void;
  onKeys(handler: (event: KeyboardEvent) => boolean): void;
}) {
  const t = useText();
  const id = useId();
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const first = options[0]?.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list begins at its top, or at what is chosen
  useEffect(() => {
    const index = typed ? 0 : options.findIndex((option) => chosen.includes(option.value));
    setAt(Math.max(0, index));
  }, [first, options.length]);
  useEffect(() => {
    list.current?.querySelector('[data-at="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const key = (event: KeyboardEvent): boolean => {
    const option = options[at];
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        setAt((old) => Math.max(0, Math.min(options.length - 1, old + (event.key === 'ArrowDown' ? 1 : -1))));
        return true;
      case 'Enter':
      case 'Tab': {
        const move = event.key === 'Tab' ? 'right' : 'down';
        if (multiple && (!typed || !option)) onDone(move);
        else if (option) onPick(option, multiple ? 'none' : move);
        return true;
      }
      case ' ':
        if (!multiple || typed || !option) return false;
        onPick(option, 'none');
        return true;
    }
    return false;
  };
  useEffect(() => onKeys(key));
  return (
    <div
      ref={list}
      className="xk-pick"
      role="listbox"
      id={id}
      aria-label={label}
      aria-multiselectable={multiple}
      tabIndex={-1}
    >
      {options.map((option, index) => {
        const on = chosen.includes(option.value);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys come from the text box, which keeps the focus
          <div
            key={option.value}
            role="option"
            tabIndex={-1}
            aria-selected={on}
            data-at={index === at}
            className={`xk-pick-option${index === at ? ' xk-pick-at' : ''}`}
            onPointerEnter={() => setAt(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(option, 'none')}
          >
            <span className="xk-pick-check" aria-hidden="true">
              {on ? '✓' : ''}
            </span>
            {option.color ? (
              <span className={`xs-chip xs-c-${option.color}`}>{option.label}</span>
            ) : (
              <span>{option.label}</span>
            )}
            {option.fresh && <span className="xk-pick-hint">+ {t('add')}</span>}
            {option.hint && <span className="xk-pick-hint">{option.hint}</span>}
          </div>
        );
      })}
      {options.length === 0 && <div className="xk-pick-none">{loading ? t('loading') : t('none')}</div>}
    </div>
  );
}
