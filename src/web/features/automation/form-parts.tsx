import { type ReactNode, useId } from 'react';

export type Option = [value: string, label: string];

/** A label, its box, and a quiet line below. */
function Row({
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

export function NumberBox({
  label,
  min,
  max,
  value,
  onChange,
}: {
  label: string;
  min: number;
  max: number;
  value: number;
  onChange(value: number): void;
}) {
  const id = useId();
  return (
    <Row id={id} label={label}>
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

export function TextBox({
  label,
  hint,
  value,
  example,
  long = false,
  onChange,
}: {
  label: string;
  hint?: string | undefined;
  value: string;
  example?: string;
  long?: boolean;
  onChange(value: string): void;
}) {
  const id = useId();
  const props = { id, className: 'xk-plain-input', value, placeholder: example, maxLength: long ? 2000 : 200 };
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

export function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange(next: boolean): void }) {
  return (
    <label className="xk-check xk-auto-tick">
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
  hint?: string;
  options: Option[];
  chosen: readonly string[];
  onChange(next: string[]): void;
}) {
  return (
    <fieldset className="xk-form-row xk-auto-ticks">
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
