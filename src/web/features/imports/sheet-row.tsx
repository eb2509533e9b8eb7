import type { ReactNode } from 'react';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import type { SheetChange } from './sheet-api.ts';
import { useSheetText } from './sheet-texts.ts';

/** One change of a returned sheet: where, what was and what becomes of it, and whether it is written. */
export function SheetRow({
  change,
  object,
  env,
  when,
  onTake,
}: {
  change: SheetChange;
  object: ObjectDef;
  env: FormatEnv;
  when: (iso: string) => string;
  onTake: (take: boolean) => void;
}) {
  const t = useSheetText();
  const label = useLabel();
  const field = object.fields.find((one) => one.name === change.field);
  const fieldName = field ? label(field.label) : change.kind === 'new' ? t('new-row') : t('whole');
  const title = change.title ?? t('row', { n: change.row });
  const able = change.kind === 'change' || change.kind === 'new' || change.kind === 'verify';
  return (
    <>
      <span className="xk-sheet-take">
        {able && (
          <input
            type="checkbox"
            className="xk-check-box"
            checked={change.take}
            aria-label={t('take-this', { row: change.row, field: fieldName })}
            onChange={(event) => onTake(event.target.checked)}
          />
        )}
      </span>
      <span className="xk-sheet-where">
        <strong title={title}>{title}</strong>
        <small className="xk-muted">
          {t('row', { n: change.row })}
          {field && ` · ${label(field.label)}`}
        </small>
      </span>
      <span className="xk-sheet-what">
        <What change={change} field={field} object={object} env={env} when={when} />
      </span>
      {change.kind === 'conflict' && (
        <span className="xk-sheet-side">
          <Choices
            label={t('choose-for', { record: title, field: fieldName })}
            value={change.take ? 'file' : 'system'}
            options={[
              { value: 'system', label: t('keep-system') },
              { value: 'file', label: t('take-file') },
            ]}
            onChange={(side) => onTake(side === 'file')}
          />
        </span>
      )}
    </>
  );
}

function What({
  change,
  field,
  object,
  env,
  when,
}: {
  change: SheetChange;
  field: FieldDef | undefined;
  object: ObjectDef;
  env: FormatEnv;
  when: (iso: string) => string;
}) {
  const t = useSheetText();
  const label = useLabel();
  const text = (value: unknown): string => (field ? formatValue(value as FieldValue, field, env) : String(value ?? ''));
  switch (change.kind) {
    case 'conflict':
      return (
        <dl className="xk-sheet-three">
          <Side name={t('base')} text={text(change.base)} />
          <Side
            name={t('now')}
            text={text(change.now)}
            note={change.by ? t('who', { by: change.by, when: change.at ? when(change.at) : '' }) : undefined}
            won={!change.take}
          />
          <Side name={t('file')} text={text(change.file)} won={change.take} />
        </dl>
      );
    case 'change':
      return (
        <span className="xk-sheet-diff">
          <del title={text(change.now)}>{text(change.now) || t('empty')}</del>
          <span aria-hidden="true">→</span>
          <ins title={text(change.file)}>{text(change.file) || t('empty')}</ins>
          {change.issue && <Reason warning>{change.issue.message ?? change.issue.code}</Reason>}
        </span>
      );
    case 'verify': {
      const names = Array.isArray(change.file) ? change.file : [];
      const labels = names.map((name) => label(object.fields.find((one) => one.name === name)?.label));
      return (
        <span className="xk-sheet-line">
          {t('verify-row', { fields: labels.join(env.lang === 'zh' ? '、' : ', ') })}
        </span>
      );
    }
    case 'new':
      return (
        <span className="xk-sheet-line">
          <span className="xk-action xk-action-create">{t(change.base === 'create' ? 'new-row' : 'fill-row')}</span>{' '}
          {valuesOf(change, object, env, label)}
        </span>
      );
    default:
      return (
        <span className="xk-sheet-diff">
          {change.text !== null && change.text !== '' && (
            <span className="xk-found" title={change.text}>
              {change.text}
            </span>
          )}
          <Reason>{change.issue?.message ?? change.issue?.code}</Reason>
        </span>
      );
  }
}

function Side({ name, text, note, won }: { name: string; text: string; note?: string | undefined; won?: boolean }) {
  const t = useSheetText();
  return (
    <div className={won === undefined ? undefined : won ? 'xk-sheet-won' : 'xk-sheet-lost'}>
      <dt>{name}</dt>
      <dd title={text}>{text || <span className="xk-muted">{t('empty')}</span>}</dd>
      {note && <dd className="xk-sheet-note">{note}</dd>}
    </div>
  );
}

const Reason = ({ children, warning }: { children: ReactNode; warning?: boolean }) => (
  <span className={warning ? 'xk-sheet-reason xk-sheet-remark' : 'xk-sheet-reason'}>{children}</span>
);

function valuesOf(
  change: SheetChange,
  object: ObjectDef,
  env: FormatEnv,
  label: (label: FieldDef['label'] | undefined) => string,
): string {
  const values =
    change.file !== null && typeof change.file === 'object' && !Array.isArray(change.file) ? change.file : {};
  return object.fields
    .filter((field) => field.name !== object.title && values[field.name] !== undefined)
    .map((field) => `${label(field.label)} ${formatValue(values[field.name] as FieldValue, field, env)}`)
    .join(' · ');
}
