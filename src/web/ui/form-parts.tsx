import { type ReactNode, useId } from 'react';
import './form-parts.css';

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

/** One line of text, or several. */
export function TextBox({
  label,
  hint,
  value,
  example,
  long = false,
  max = long ? 2000 : 200,
  onChange,
}: {
  label: string;
  hint?: string | undefined;
  value: string;
  example?: string | undefined;
  long?: boolean;
  max?: number;
  onChange(value: string): void;
}) {
  const id = useId();
  const props = { id, className: 'xk-plain-input', value, placeholder: example, maxLength: max };
  return (
    <Row id={id} label={label} hint={hint}>
      {long ? (
        <textarea {...props} rows={3} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <input {...props} onChange={({ target }) => onChange(target.value)} />
      )}
    </Row>
  );
}

/** Yes or no. */
export function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange(next: boolean): void }) {
  return (
    <label className="xk-check xk-tick">
      <input type="checkbox" checked={checked} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}

/** Boxes to tick, several of them. */
export function Ticks({
  legend,
  hint,
  options,
  chosen,
  onChange,
}: {
  legend: string;
  hint?: string | undefined;
  options: Option[];
  chosen: readonly string[];
  onChange(next: string[]): void;
}) {
  return (
    <fieldset className="xk-form-row xk-ticks">
      <legend>{legend}</legend>
      {options.map(([value, label]) => (
        <label key={value} className="xk-check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          {label}
        </label>
      ))}
      {hint && <small className="xk-muted">{hint}</small>}
    </fieldset>
  );
}

/** Several boxes under one heading. */
export function Part({ title, hint, children }: { title: string; hint?: string | undefined; children: ReactNode }) {
  return (
    <section className="xk-form-row">
      <strong>{title}</strong>
      {children}
      {hint && <small className="xk-muted">{hint}</small>}
    </section>
  );
}
