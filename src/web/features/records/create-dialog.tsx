import { App, Button, Modal } from 'antd';
import { useContext, useRef, useState } from 'react';
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
import { heldReasons } from './edit-book.ts';
import { useRecordsText } from './texts.ts';
import { TypingHintContext } from './typing-hint.ts';

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
  // Of the box that is being typed into, before it is left.
  const [typing, setTyping] = useState<Record<string, FieldValue>>({});
  const hint = useContext(TypingHintContext);
  const [shown, setShown] = useState<Record<string, string>>({});
  const [issues, setIssues] = useState<Record<string, string>>({});
  const [all, setAll] = useState(false);
  const [saving, setSaving] = useState(false);
  const [round, setRound] = useState(0);
  const { modal } = App.useApp();
  const fields = liveFields(object).filter((field) => editingOf(field) !== 'none' && !(field.name in preset));
  const first = (field: FieldDef) =>
    field.required || field.name === object.title || field.priority === 'high' || field.name === object.owner;
  const main = fields.filter(first);
  const visible = all || main.length >= fields.length ? fields : main.length >= 3 ? main : fields.slice(0, 8);

  // What was typed is lost only by a decision.
  const cancel = () => {
    const typed = Object.entries(values).some(([name, value]) => !(name in preset) && value !== null && value !== '');
    if (!typed) return onClose();
    void modal.confirm({
      title: t('give-up-ask'),
      okText: t('give-up'),
      okButtonProps: { danger: true },
      cancelText: t('keep-writing'),
      onOk: onClose,
    });
  };
  const save = async (another = false) => {
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
        const why = heldReasons(outcome);
        if (why.length > 0) toasts.info(why.join(' '));
        if (!another) {
          onCreated(outcome.id);
          return;
        }
        setValues(preset);
        setTyping({});
        setShown({});
        setIssues({});
        setSaving(false);
        setRound((old) => old + 1);
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

  const latest = useRef(save);
  latest.current = save;

  return (
    <Modal
      open
      title={t('create-title', { object: noun(object.label) })}
      onCancel={cancel}
      width={620}
      footer={
        <>
          <Button onClick={cancel}>{text('cancel')}</Button>
          <Button disabled={saving} onClick={() => void save(true)}>
            {t('create-another')}
          </Button>
          <Button type="primary" loading={saving} title="Ctrl+Enter" onClick={() => void save()}>
            {t('create')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a short cut for the button below */}
      <div
        key={round}
        className="xk-create"
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || saving) return;
          // The field that is being typed into keeps its value first.
          requestAnimationFrame(() => void latest.current());
        }}
      >
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
              onType={(typed) => setTyping({ [field.name]: typed })}
              onCommit={(value, words) => {
                setValues((old) => ({ ...old, [field.name]: value }));
                setTyping({});
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
      {hint?.(object, { ...values, ...typing })}
      <span className="xk-visually-hidden" aria-live="polite">
        {Object.keys(issues).length > 0 ? text('failed-plainly') : ''}
      </span>
    </Modal>
  );
}
