import { useLabel, useText } from '../../i18n/core.ts';
import { type Draft, toggled } from './ask-draft.ts';
import { useAskingText } from './texts.ts';

interface Props {
  choices: Draft['fields'];
  chosen: string[];
  onChange(chosen: string[]): void;
}

/** Fields to tick, each with what the customer will see of it; what is not on record yet stands folded below. */
export function AskFields({ choices, chosen, onChange }: Props) {
  const t = useAskingText();
  const missing = choices.filter((choice) => choice.masked === '');
  const known = choices.filter((choice) => choice.masked !== '');
  return (
    <>
      <Ticks choices={known} chosen={chosen} onChange={onChange} />
      {missing.length > 0 && (
        <details>
          <summary>{t('fields-missing', { n: missing.length })}</summary>
          <Ticks choices={missing} chosen={chosen} onChange={onChange} />
        </details>
      )}
    </>
  );
}

function Ticks({ choices, chosen, onChange }: Props) {
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
            {(choice.state === 'aging' || choice.state === 'stale') && (
              <span className={`xk-ask-state xk-ask-${choice.state}`}>{t(choice.state)}</span>
            )}
          </label>
        </li>
      ))}
    </ul>
  );
}
