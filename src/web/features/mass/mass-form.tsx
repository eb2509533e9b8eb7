import { Checkbox, Input, Segmented, Select } from 'antd';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useAccounts } from '../../api/query.ts';
import { FieldEditor } from '../../fields/field-editor.tsx';
import type { FormatEnv } from '../../fields/format.ts';
import { methodName, VERIFY_METHODS } from '../../fields/freshness-words.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { isList, type MassDraft, replaceable, settable, verifiable } from './mass-draft.ts';
import { useMassText } from './texts.ts';

interface Part {
  object: ObjectDef;
  draft: MassDraft;
  env: FormatEnv;
  onChange(next: MassDraft): void;
}

/** What is to be done; the dialog asks for it before anything is counted. */
export function MassForm(part: Part) {
  const t = useMassText();
  const { draft, onChange } = part;
  switch (draft.kind) {
    case 'verify':
      return <VerifyPart {...part} />;
    case 'assign':
      return (
        <>
          <OwnerPart {...part} />
          <Reason {...part} />
        </>
      );
    case 'delete':
    case 'restore':
      return <p>{t(`${draft.kind}-hint`)}</p>;
    case 'standardise':
      return (
        <>
          <p>{t('standardise-hint')}</p>
          {(['simplify', 'dates'] as const).map((option) => (
            <p key={option}>
              <Checkbox
                checked={draft[option]}
                onChange={(event) => onChange({ ...draft, [option]: event.target.checked })}
              >
                {t(option)}
              </Checkbox>
            </p>
          ))}
        </>
      );
    case 'replace':
      return (
        <>
          <FieldPart {...part} />
          {(['find', 'with'] as const).map((name) => (
            <div key={name} className="xk-form-row">
              <label htmlFor={`mass-${name}`}>{t(name)}</label>
              <Input
                id={`mass-${name}`}
                value={draft[name]}
                maxLength={200}
                onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
              />
            </div>
          ))}
          <Reason {...part} />
        </>
      );
    default:
      return (
        <>
          <FieldPart {...part} />
          <ValuePart {...part} />
          <Reason {...part} />
        </>
      );
  }
}

function FieldPart({ object, draft, onChange }: Part) {
  const t = useMassText();
  const label = useLabel();
  const fields = draft.kind === 'replace' ? replaceable(object) : settable(object);
  return (
    <div className="xk-form-row">
      <label htmlFor="mass-field">{t('field')}</label>
      <Select
        id="mass-field"
        showSearch={{ optionFilterProp: 'label' }}
        value={draft.field}
        onChange={(field) => onChange({ ...draft, field, how: 'set', value: null })}
        options={fields.map((one) => ({ value: one.name, label: label(one.label) }))}
      />
    </div>
  );
}

function ValuePart({ object, draft, env, onChange }: Part) {
  const t = useMassText();
  const field = object.fields.find((one) => one.name === draft.field);
  if (!field) return null;
  const ways = [
    'set',
    ...(isList(field) ? (['append', 'remove'] as const) : []),
    ...(field.required ? [] : (['clear'] as const)),
  ] as const;
  return (
    <>
      <fieldset className="xk-form-row">
        <legend>{t('how')}</legend>
        <Segmented
          value={draft.how}
          onChange={(how) => onChange({ ...draft, how })}
          options={ways.map((how) => ({ value: how, label: t(`how-${how}`) }))}
        />
      </fieldset>
      {draft.how !== 'clear' && (
        <div className="xk-form-row">
          <span>{t('value')}</span>
          <FieldEditor
            key={`${field.name} ${draft.how}`}
            form
            field={field}
            value={draft.value}
            env={env}
            onCommit={(value) => onChange({ ...draft, value })}
            onType={(value) => onChange({ ...draft, value })}
            onCancel={() => {}}
          />
        </div>
      )}
    </>
  );
}

function OwnerPart({ draft, onChange }: Part) {
  const t = useMassText();
  const accounts = useAccounts();
  return (
    <div className="xk-form-row">
      <label htmlFor="mass-owner">{t('owner')}</label>
      <Select
        id="mass-owner"
        showSearch={{ optionFilterProp: 'label' }}
        value={draft.value === null ? '' : String(draft.value)}
        onChange={(value: string) => onChange({ ...draft, value: value === '' ? null : value })}
        options={[{ value: '', label: t('nobody') }, ...accounts.map(({ id, name }) => ({ value: id, label: name }))]}
      />
    </div>
  );
}

function VerifyPart({ object, draft, onChange }: Part) {
  const t = useMassText();
  const label = useLabel();
  const lang = useLang();
  return (
    <>
      <fieldset className="xk-form-row">
        <legend>{t('fields')}</legend>
        <Checkbox.Group
          value={draft.fields}
          onChange={(fields) => onChange({ ...draft, fields })}
          options={verifiable(object).map((field) => ({ value: field.name, label: label(field.label) }))}
        />
      </fieldset>
      <fieldset className="xk-form-row">
        <legend>{t('method')}</legend>
        <Segmented
          value={draft.method}
          onChange={(method) => onChange({ ...draft, method })}
          options={VERIFY_METHODS.map((one) => ({ value: one, label: methodName(one, lang) }))}
        />
      </fieldset>
    </>
  );
}

function Reason({ draft, onChange }: Part) {
  const t = useMassText();
  return (
    <div className="xk-form-row">
      <label htmlFor="mass-reason">{t('reason')}</label>
      <Input
        id="mass-reason"
        value={draft.reason}
        maxLength={500}
        onChange={(event) => onChange({ ...draft, reason: event.target.value })}
      />
    </div>
  );
}
