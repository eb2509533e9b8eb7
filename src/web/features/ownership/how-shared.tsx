import { useId } from 'react';
import { useOwnershipText } from './texts.ts';

/** Evenly, by load or, where records come again and again, by turns; territories first or not. */
export function HowShared<By extends 'even' | 'load' | 'turns'>({
  ways,
  by,
  territories,
  onChange,
}: {
  ways: readonly By[];
  by: By;
  territories: boolean;
  onChange(next: { by?: By; territories?: boolean }): void;
}) {
  const t = useOwnershipText();
  const id = useId();
  return (
    <>
      <div className="xk-form-row">
        <label htmlFor={id}>{t('by')}</label>
        <select
          id={id}
          className="xk-plain-input"
          value={by}
          onChange={({ target }) => onChange({ by: ways.find((way) => way === target.value) ?? by })}
        >
          {ways.map((way) => (
            <option key={way} value={way}>
              {t(`by-${way}`)}
            </option>
          ))}
        </select>
      </div>
      <label className="xk-check">
        <input
          type="checkbox"
          checked={territories}
          onChange={({ target }) => onChange({ territories: target.checked })}
        />
        {t('territories')}
      </label>
    </>
  );
}
