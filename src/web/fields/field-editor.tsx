import {
  type ChangeEvent,
  type CompositionEvent,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { FieldDef, FieldValue } from '../../domain/schema/types.ts';
import { useLabel } from '../i18n/core.ts';
import { FieldPanel } from './field-panel.tsx';
import { type FormatEnv, plainText } from './format.ts';
import { editingOf } from './kinds.ts';
import './fields.css';

/**
 * Edits one value in place: Enter keeps, Escape gives up, leaving the box keeps. Hands over what was typed or picked; the server reads and
 * standardises it. `shown` is what to show until then.
 */
export function FieldEditor({
  field,
  value,
  env,
  onCommit,
  onType,
  onCancel,
  form = false,
  autoFocus = !form,
  invalid,
  id,
}: {
  field: FieldDef;
  value: FieldValue | undefined;
  env: FormatEnv;
  onCommit(value: FieldValue, shown?: string): void;
  /** Text as it grows, but not while an input method composes it; nothing of what is picked from a panel. */
  onType?(text: string): void;
  onCancel(): void;
  /** Part of a form: stays open, keeps on leaving, shows its value again. */
  form?: boolean;
  autoFocus?: boolean;
  /** Sentence to show below: what is wrong and how to mend it. */
  invalid?: string | undefined;
  id?: string;
}) {
  const label = useLabel();
  const editing = editingOf(field);
  const panel = editing === 'pick' || editing === 'calendar' || editing === 'toggle';
  const initial = editing === 'pick' || editing === 'toggle' ? '' : plainText(value, field, env);
  const [text, setText] = useState(initial);
  const [typed, setTyped] = useState(false);
  const [open, setOpen] = useState(autoFocus && !form);
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const keys = useRef<((event: globalThis.KeyboardEvent) => boolean) | null>(null);
  const leave = useRef<(() => void) | null>(null);
  const done = useRef(false);

  useEffect(() => {
    if (autoFocus) {
      input.current?.focus();
      input.current?.select();
    }
  }, [autoFocus]);
  useLayoutEffect(() => {
    const box = input.current;
    if (!box || editing !== 'multiline') return;
    box.style.height = '0';
    box.style.height = `${Math.min(260, box.scrollHeight + 2)}px`;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the value changed from outside, or was standardised
  useEffect(() => {
    if (form && !typed) setText(initial);
  }, [initial]);

  const commit = (next: FieldValue, shown?: string) => {
    if (done.current) return;
    done.current = !form;
    setTyped(false);
    if (form) {
      setOpen(false);
      if (editing === 'pick' || editing === 'toggle') setText('');
    }
    onCommit(next, shown);
  };
  const keep = () => {
    if (!panel && text !== plainText(value, field, env)) commit(text.trim() === '' ? null : text);
    else if (editing === 'calendar' && typed) commit(text.trim() === '' ? null : text);
    else {
      leave.current?.();
      if (!done.current) onCancel();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && form) {
      // In a form Escape first closes the panel; the next one is the dialog's.
      if (!panel || !open) return;
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      done.current = true;
      onCancel();
    } else if (panel && open && event.key !== 'Tab' && keys.current?.(event.nativeEvent)) event.preventDefault();
    else if (
      panel &&
      (event.key === 'Backspace' || event.key === 'Delete') &&
      text === '' &&
      value !== null &&
      value !== undefined
    )
      commit(null);
    else if (event.key === 'Enter' && !(editing === 'multiline' && !event.ctrlKey && !event.metaKey)) {
      event.preventDefault();
      keep();
    }
  };
  const shared = {
    id,
    ref: input,
    value: text,
    'aria-label': label(field.label),
    'aria-invalid': invalid ? (true as const) : undefined,
    className: 'xk-field-input',
    autoComplete: 'off',
    placeholder: panel && editing !== 'calendar' ? plainText(value, field, env) : undefined,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      setText(event.target.value);
      setTyped(true);
      setOpen(true);
      if (!panel && !(event.nativeEvent as InputEvent).isComposing) onType?.(event.target.value);
    },
    onCompositionEnd: (event: CompositionEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      if (!panel) onType?.(event.currentTarget.value);
    },
    onKeyDown,
    onFocus: () => setOpen(true),
    onClick: () => setOpen(true),
    onBlur: () => {
      setOpen(false);
      keep();
    },
  };
  return (
    <span className="xk-field-editor">
      {editing === 'multiline' ? (
        <textarea {...shared} rows={2} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={field.type === 'phone' ? 'tel' : field.type === 'email' ? 'email' : undefined}
        />
      )}
      {panel && open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keeps the focus in the box while its panel is pressed
        <div className="xk-field-panel" onMouseDown={(event) => event.preventDefault()}>
          <FieldPanel
            field={field}
            value={value}
            text={text}
            typed={typed}
            commit={(next, _move, shown) => commit(next, shown)}
            onKeys={(handler) => {
              keys.current = handler;
            }}
            onLeave={(handler) => {
              leave.current = handler;
            }}
          />
        </div>
      )}
      {invalid && (
        <span className="xk-field-invalid" role="alert">
          {invalid}
        </span>
      )}
    </span>
  );
}
