import { useAccounts } from '../../api/query.ts';
import './ownership.css';

/** People who can sign in, to be ticked; in the order in which they were. */
export function PeopleBoxes({
  legend,
  hint,
  chosen,
  without,
  onChange,
}: {
  legend: string;
  hint?: string;
  chosen: string[];
  without?: string;
  onChange(next: string[]): void;
}) {
  const people = useAccounts().filter(({ id, disabled }) => !disabled && id !== without);
  return (
    <fieldset className="xk-form-row">
      <legend>{legend}</legend>
      <div className="xk-own-people">
        {people.map(({ id, name }) => (
          <label key={id} className="xk-check">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) => onChange(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
            />
            {name}
          </label>
        ))}
      </div>
      {hint && <small className="xk-muted">{hint}</small>}
    </fieldset>
  );
}
