import { useId } from 'react';
import { useOwnershipText } from './texts.ts';

/** Evenly or by load; territories first or not. */
export function HowShared({
  by,
  territories,
  onChange,
}: {
  by: 'even' | 'load';
  territories: boolean;
  onChange(next: { by?: 'even' | 'load'; territories?: boolean }): void;
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
          onChange={({ target }) => onChange({ by: target.value === 'even' ? 'even' : 'load' })}
        >
          <option value="load">{t('by-load')}</option>
          <option value="even">{t('by-even')}</option>
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
