import { type ReactNode, useId } from 'react';

/** What is stored, and what it is called. */
export type Option = [value: string, label: string];

/** A label, its box, and a quiet line below. */
export function Row({
  id,
  label,
  hint,
  children,
}: {
  id: string;
  label: string;
  hint?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className="xk-form-row">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && <small className="xk-muted">{hint}</small>}
    </div>
  );
}

/** One of a list. */
export function Choice({
  label,
  hint,
  value,
  options,
  onChange,
}: {
  label: string;
  hint?: string | undefined;
  value: string;
  options: Option[];
  onChange(value: string): void;
}) {
  const id = useId();
  return (
    <Row id={id} label={label} hint={hint}>
      <select id={id} className="xk-plain-input" value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </Row>
  );
}

/** A whole number within bounds. */
export function NumberBox({
  label,
  hint,
  min,
  max,
  value,
  onChange,
}: {
  label: string;
  hint?: string | undefined;
  min: number;
  max: number;
  value: number;
  onChange(value: number): void;
}) {
  const id = useId();
  return (
    <Row id={id} label={label} hint={hint}>
      <input
        id={id}
        type="number"
        className="xk-plain-input"
        min={min}
        max={max}
        value={value}
        onChange={({ target }) => onChange(Math.max(min, Math.min(max, Math.round(target.valueAsNumber || 0))))}
      />
    </Row>
  );
}
