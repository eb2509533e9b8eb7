import { useId } from 'react';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { useRulesText } from './rules-texts.ts';

/** Boxes to tick, several of them. */
export function Ticks<Value extends string>({
  legend,
  hint,
  options,
  chosen,
  onChange,
}: {
  legend: string;
  hint?: string;
  options: { value: Value; label: string }[];
  chosen: readonly Value[];
  onChange(next: Value[]): void;
}) {
  return (
    <fieldset className="xk-form-row xk-rule-ticks">
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value} className="xk-check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(
                options
                  .map((one) => one.value)
                  .filter((one) => (one === value ? target.checked : chosen.includes(one))),
              )
            }
          />
          {label}
        </label>
      ))}
      {hint && <small className="xk-muted">{hint}</small>}
    </fieldset>
  );
}

/** Which object, and which of its fields. */
export function RuleSubject({
  object,
  fields,
  any,
  onChange,
}: {
  object: string | undefined;
  fields: string[];
  /** “Any object” can be chosen. */
  any: boolean;
  onChange(object: string | undefined, fields: string[]): void;
}) {
  const t = useRulesText();
  const label = useLabel();
  const id = useId();
  const { objects } = useCatalog();
  const chosen = objects.find(({ name }) => name === object);
  return (
    <>
      <div className="xk-form-row">
        <label htmlFor={id}>{t('object')}</label>
        <select
          id={id}
          className="xk-plain-input"
          value={object ?? ''}
          onChange={({ target }) => onChange(target.value || undefined, [])}
        >
          {any && <option value="">{t('any-object')}</option>}
          {objects
            .filter(({ retired }) => !retired)
            .map((one) => (
              <option key={one.name} value={one.name}>
                {label(one.label)}
              </option>
            ))}
        </select>
      </div>
      {chosen && (
        <Ticks
          legend={t('fields')}
          hint={t('fields-hint')}
          options={chosen.fields
            .filter((field) => !field.retired && !field.readonly)
            .map((field) => ({ value: field.name, label: label(field.label) }))}
          chosen={fields}
          onChange={(next) => onChange(object, next)}
        />
      )}
    </>
  );
}

/** A share in per cent; empty: none. */
export function PercentBox({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  value: number | undefined;
  onChange(next: number | undefined): void;
}) {
  const id = useId();
  return (
    <div className="xk-form-row">
      <label htmlFor={id}>{label}</label>
      <span>
        <input
          id={id}
          className="xk-plain-input xk-rule-number"
          type="number"
          min={0}
          max={100}
          step="any"
          aria-describedby={`${id}h`}
          value={value === undefined ? '' : Number((value * 100).toPrecision(4))}
          onChange={({ target }) =>
            onChange(target.value === '' ? undefined : Math.min(1, Math.max(0, Number(target.value) / 100)))
          }
        />{' '}
        %
      </span>
      <small id={`${id}h`} className="xk-muted">
        {hint}
      </small>
    </div>
  );
}

/** What the rule is called. */
export function NameBox({
  value,
  problem,
  onChange,
}: {
  value: string;
  problem: boolean;
  onChange(next: string): void;
}) {
  const t = useRulesText();
  const id = useId();
  return (
    <div className="xk-form-row">
      <label htmlFor={id}>{t('name')}</label>
      <input
        id={id}
        className="xk-plain-input"
        maxLength={80}
        placeholder={t('name-example')}
        aria-invalid={problem}
        aria-describedby={problem ? `${id}p` : undefined}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      {problem && (
        <small id={`${id}p`} role="alert" className="xk-over">
          {t('name-missing')}
        </small>
      )}
    </div>
  );
}
