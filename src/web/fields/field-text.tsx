import type { FieldDef, FieldValue } from '../../domain/schema/types.ts';
import { choicesOf, type FormatEnv, formatValue, optionLabel } from './format.ts';
import { isChoice } from './kinds.ts';
import './fields.css';

export const colorOf = (field: FieldDef, value: string): string | undefined =>
  field.options?.find((option) => option.value === value)?.color;

/** One value as it is shown everywhere outside the table: chips for choices, links for phone, mail and web. */
export function FieldText({
  field,
  value,
  env,
  link = true,
}: {
  field: FieldDef;
  value: FieldValue | undefined;
  env: FormatEnv;
  link?: boolean;
}) {
  if (isChoice(field)) {
    return (
      <span className="xk-chips">
        {choicesOf(value).map((choice) => (
          <span key={choice} className={`xs-chip xs-c-${colorOf(field, choice) ?? 'gray'}`}>
            {optionLabel(field, choice, env.lang)}
          </span>
        ))}
      </span>
    );
  }
  const text = formatValue(value, field, env);
  if (text !== '' && link && typeof value === 'string') {
    if (field.type === 'phone' && !value.includes('*')) return <a href={`tel:${value}`}>{text}</a>;
    if (field.type === 'email' && !value.includes('*')) return <a href={`mailto:${value}`}>{text}</a>;
    if (field.type === 'url' && /^https?:\/\//i.test(value))
      return (
        <a href={value} target="_blank" rel="noreferrer noopener">
          {text}
        </a>
      );
  }
  return <span className={field.type === 'longtext' ? 'xk-longtext' : undefined}>{text}</span>;
}
