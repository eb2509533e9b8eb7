import { useId } from 'react';
import { type Option, Row } from '../../ui/form-parts.tsx';

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
