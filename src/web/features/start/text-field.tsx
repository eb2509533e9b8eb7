import { Input } from 'antd';
import { type HTMLInputAutoCompleteAttribute, type ReactNode, useId } from 'react';

/** A labelled text box with its problem below, where screen readers find it (WCAG 3.3.1, 1.3.5). */
export function TextField({
  label,
  value,
  onChange,
  problem,
  hint,
  type = 'text',
  autoComplete,
  autoFocus,
  optional,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem?: string | null | undefined;
  hint?: ReactNode;
  type?: 'text' | 'email' | 'password';
  autoComplete: HTMLInputAutoCompleteAttribute;
  autoFocus?: boolean;
  /** Word that marks the field as optional. */
  optional?: string;
}) {
  const id = useId();
  const shared = {
    id,
    size: 'large' as const,
    value,
    autoComplete,
    autoFocus,
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
