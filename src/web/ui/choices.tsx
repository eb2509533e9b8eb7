import { useId } from 'react';
import './choices.css';

/** One of a few, side by side: radio buttons that look like one bar, so that arrows and screen readers know them. */
export function Choices<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChange(next: Value): void;
}) {
  const name = useId();
  return (
    <div className="xk-choices-bar" role="radiogroup" aria-label={label}>
      {options.map((one) => (
        <label key={one.value}>
          <input type="radio" name={name} checked={one.value === value} onChange={() => onChange(one.value)} />
          <span>{one.label}</span>
        </label>
      ))}
    </div>
  );
}
