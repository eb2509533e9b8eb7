import { Button, Modal } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { useDoneToast } from '../../api/use-undo.tsx';
import { FieldEditor } from '../../fields/field-editor.tsx';
import { type FormatEnv, formatValue } from '../../fields/format.ts';
import { editingOf } from '../../fields/kinds.ts';
import { useLabel, useNoun, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { liveFields } from './columns.ts';
import { useRecordsText } from './texts.ts';

/** A new record: the fields that matter first, the rest behind one press. Errors stand beside their field. */
export function CreateDialog({
  object,
  env,
  preset = {},
  onClose,
  onCreated,
}: {
  object: ObjectDef;
  env: FormatEnv;
  /** Values that are given, such as the customer of a contact. */
  preset?: Record<string, FieldValue>;
  onClose(): void;
  onCreated(id: string): void;
}) {
  const t = useRecordsText();
  const text = useText();
  const label = useLabel();
  const noun = useNoun();
  const toasts = useToasts();
  const done = useDoneToast();
  const [values, setValues] = useState<Record<string, FieldValue>>(preset);
  const [shown, setShown] = useState<Record<string, string>>({});
  const [issues, setIssues] = useState<Record<string, string>>({});
  const [all, setAll] = useState(false);
  const [saving, setSaving] = useState(false);
  const fields = liveFields(object).filter((field) => editingOf(field) !== 'none' && !(field.name in preset));
  const first = (field: FieldDef) =>
    field.required || field.name === object.title || field.priority === 'high' || field.name === object.owner;
  const main = fields.filter(first);
  const visible = all || main.length >= fields.length ? fields : main.length >= 3 ? main : fields.slice(0, 8);

  const save = async () => {
    setSaving(true);
    try {
      const set = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));
      const { outcomes, changeSet } = await call(api.records.write, {
        body: { changes: [{ op: 'create', object: object.name, set }], atomic: false },
      });
      const outcome = outcomes[0];
      if (outcome?.status === 'applied' || outcome?.status === 'held') {
        done(
          outcome.status === 'held' ? t('held') : t('created', { title: String(values[object.title] ?? '') }),
          changeSet,
        );
        onCreated(outcome.id);
        return;
      }
      setIssues(
        Object.fromEntries(
          (outcome?.issues ?? []).map((issue) => [issue.field ?? object.title, issue.message ?? issue.code]),
        ),
      );
    } catch (error) {
      if (error instanceof ApiError && error.issues.length > 0)
        setIssues(
          Object.fromEntries(error.issues.map((issue) => [issue.field ?? object.title, issue.message ?? issue.code])),
        );
      else toasts.error(sentence(error));
    }
    setSaving(false);
  };

  return (
    <Modal
      open
      title={t('create-title', { object: noun(object.label) })}
      okText={t('create')}
      confirmLoading={saving}
      onCancel={onClose}
      onOk={() => void save()}
      width={620}
    >
      <div className="xk-create">
        {visible.map((field, index) => (
          <div key={field.name} className={`xk-form-row${field.type === 'longtext' ? ' xk-form-wide' : ''}`}>
            <label htmlFor={`new-${field.name}`}>
              {label(field.label)}
              {field.required && <em aria-hidden="true">*</em>}
            </label>
            <FieldEditor
              form
              id={`new-${field.name}`}
              field={field}
              value={values[field.name] ?? null}
              env={{
                ...env,
                title: (id) => (values[field.name] === id ? shown[field.name] : undefined) ?? env.title(id),
              }}
              autoFocus={index === 0}
              invalid={issues[field.name]}
              onCommit={(value, words) => {
                setValues((old) => ({ ...old, [field.name]: value }));
                setShown((old) => ({ ...old, [field.name]: words ?? formatValue(value, field, env) }));
                setIssues(({ [field.name]: _, ...rest }) => rest);
              }}
              onCancel={() => {}}
            />
            {field.help && <p className="xk-form-help">{label(field.help)}</p>}
          </div>
        ))}
      </div>
      {visible.length < fields.length && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t('create-more')} ({fields.length - visible.length})
        </Button>
      )}
      <span className="xk-visually-hidden" aria-live="polite">
        {Object.keys(issues).length > 0 ? text('failed-plainly') : ''}
      </span>
    </Modal>
  );
}
