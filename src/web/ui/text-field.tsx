import { Input } from 'antd';
import { type HTMLInputAutoCompleteAttribute, type ReactNode, useId } from 'react';
import './text-field.css';

/** A labelled text box with its problem below, where screen readers find it (WCAG 3.3.1, 1.3.5). */
export function TextField({
  label,
  value,
  onChange,
  problem,
  hint,
  type = 'text',
  inputMode,
  autoComplete,
  autoFocus,
  optional,
  large = true,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem?: string | null | undefined;
  hint?: ReactNode;
  type?: 'text' | 'email' | 'password' | 'url';
  inputMode?: 'numeric';
  autoComplete: HTMLInputAutoCompleteAttribute;
  autoFocus?: boolean;
  /** Word that marks the field as optional. */
  optional?: string;
  /** As before signing in; settings have the usual height. */
  large?: boolean;
}) {
  const id = useId();
  const shared = {
    id,
    size: large ? ('large' as const) : ('middle' as const),
    value,
    autoComplete,
    autoFocus,
    inputMode,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': problem || hint ? `${id}-about` : undefined,
    status: problem ? ('error' as const) : undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="xk-text-field">
      <label htmlFor={id}>
        {label} {optional && <span className="xk-muted">{optional}</span>}
      </label>
      {type === 'password' ? <Input.Password {...shared} /> : <Input {...shared} type={type} />}
      <div id={`${id}-about`}>
        {problem ? (
          <p className="xk-field-problem" role="alert">
            {problem}
          </p>
        ) : (
          hint
        )}
      </div>
    </div>
  );
}
