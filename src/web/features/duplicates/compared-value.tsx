import type { FieldDef } from '../../../domain/schema/types.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import { isChoice } from '../../fields/kinds.ts';
import { ownPart, type Row } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';

const PLAIN = new Set(['text', 'longtext', 'phone', 'email', 'url', 'address', 'uscc', 'idcard', 'bankaccount']);

/** A value beside another's: what this one has and the other has not is marked. `other` absent: shown as it is. */
export function ComparedValue({
  field,
  row,
  other,
  env,
}: {
  field: FieldDef;
  row: Row;
  other: Row | undefined;
  env: FormatEnv;
}) {
  const t = useDuplicatesText();
  const value = row.values[field.name];
  const text = formatValue(value, field, env);
  if (text === '') return <span className="xk-muted">{t('empty')}</span>;
  if (isChoice(field) || !other || !PLAIN.has(field.type))
    return <FieldText field={field} value={value} env={env} link={false} />;
  return (
    <span className={field.type === 'longtext' ? 'xk-longtext' : undefined}>
      {ownPart(text, formatValue(other.values[field.name], field, env)).map((piece, index) =>
        piece.own ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity
          <mark key={index}>{piece.text}</mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity
          <span key={index}>{piece.text}</span>
        ),
      )}
    </span>
  );
}
