import { useLabel, useText } from '../../i18n/core.ts';
import { type Draft, toggled } from './ask-draft.ts';

/** Fields to tick, each with what the customer will see of it. */
export function AskFields({
  choices,
  chosen,
  onChange,
}: {
  choices: Draft['fields'];
  chosen: string[];
  onChange(chosen: string[]): void;
}) {
  const label = useLabel();
  const t = useText();
  return (
    <ul className="xk-ask-fields">
      {choices.map((choice) => (
        <li key={choice.field}>
          <label>
            <input
              type="checkbox"
              checked={chosen.includes(choice.field)}
              onChange={() => onChange(toggled(chosen, choice.field))}
            />
            <span>{label(choice.label)}</span>
            <span className="xk-muted xk-ask-masked">{choice.masked}</span>
            {choice.state !== 'fresh' && (
              <span className={`xk-ask-state xk-ask-${choice.state}`}>{t(choice.state)}</span>
            )}
          </label>
        </li>
      ))}
    </ul>
  );
}
