import { CheckOutlined, CloseOutlined, DeleteOutlined, DownloadOutlined, EditOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Modal, Segmented, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { FieldEditor } from '../../fields/field-editor.tsx';
import type { FormatEnv } from '../../fields/format.ts';
import { methodName, VERIFY_METHODS, type VerifyMethod } from '../../fields/freshness-words.ts';
import { editingOf } from '../../fields/kinds.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { FloatingMenu } from '../../ui/floating.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Query } from './block-store.ts';
import { liveFields } from './columns.ts';
import type { Change, Outcome } from './edit-book.ts';
import { useRecordsText } from './texts.ts';

/** What can be done with the checked records: verify, set a field, delete, export. Each says how many it touches and can be undone. */
export function BulkBar({
  object,
  count,
  everything,
  total,
  query,
  env,
  actions,
  onEverything,
  onClear,
  run,
}: {
  object: ObjectDef;
  count: number;
  /** All that the query finds, not only the checked ones. */
  everything: boolean;
  total: number | null;
  /** Finds what is checked. */
  query: Query;
  env: FormatEnv;
  /** What other features can do with the checked records. */
  actions?: ReactNode;
  onEverything(): void;
  onClear(): void;
  /** Makes one change per record and runs them; tells how far it is. */
  run(make: (row: { id: string; version: number }) => Change, onProgress: (done: number) => void): Promise<Outcome[]>;
}) {
  const t = useRecordsText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const [dialog, setDialog] = useState<'set' | 'verify' | null>(null);
  const [exporting, setExporting] = useState<DOMRect | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const n = everything ? (total ?? count) : count;

  const act = async (make: (row: { id: string; version: number }) => Change, words: (n: number) => string) => {
    setDialog(null);
    setDone(0);
    try {
      const outcomes = await run(make, setDone);
      const good = outcomes.filter((one) => one.status === 'applied' || one.status === 'unchanged').length;
      const bad = outcomes.filter((one) => one.status === 'rejected' || one.status === 'conflict');
      if (good > 0) toasts.success(words(good));
      if (bad.length > 0)
        toasts.error(t('set-refused', { n: bad.length, reason: bad[0]?.issues?.[0]?.message ?? t('conflict-title') }));
    } catch (error) {
      toasts.error(sentence(error));
    }
    setDone(null);
  };

  const remove = () =>
    modal.confirm({
      title: t('delete-confirm', { n }),
      content: t('delete-hint'),
      okText: t('delete-picked'),
      okButtonProps: { danger: true },
      onOk: () =>
        act(
          ({ id, version }) => ({ op: 'delete', object: object.name, id, version }),
          (good) => t('deleted', { n: good }),
        ),
    });

  const exportAs = (format: 'xlsx' | 'csv', forEditing = false) => {
    const { freshness: _, ...rest } = query;
    const body = { query: rest, format, ...(forEditing && { forEditing }) };
    download(api.records.export, { body }, `${object.name}.${format}`).then(
      () => forEditing && toasts.info(t('export-edit-done')),
      (error: unknown) => toasts.error(sentence(error)),
    );
  };

  return (
    <section className="xk-bulk" aria-label={t('selected', { n })}>
      <strong aria-live="polite">{everything ? t('selected-all', { n }) : t('selected', { n })}</strong>
      {!everything && total !== null && total > count && (
        <Button type="link" size="small" onClick={onEverything}>
          {t('select-everything', { n: total })}
        </Button>
      )}
      <span className="xk-bulk-gap" />
      {done !== null ? (
        <span role="status">{t('bulk-progress', { done, total: n })}</span>
      ) : (
        <>
          <Button size="small" icon={<CheckOutlined />} onClick={() => setDialog('verify')}>
            {t('verify')}
          </Button>
          {!object.appendOnly && (
            <Button size="small" icon={<EditOutlined />} onClick={() => setDialog('set')}>
              {t('set-field')}
            </Button>
          )}
          {!everything && actions}
          <Button
            size="small"
            icon={<DownloadOutlined />}
            aria-haspopup="menu"
            onClick={(event) => setExporting(event.currentTarget.getBoundingClientRect())}
          >
            {t('export')}
          </Button>
          {exporting && (
            <FloatingMenu
              anchor={exporting}
              onClose={() => setExporting(null)}
              items={[
                { key: 'xlsx', label: 'Excel (.xlsx)', onPick: () => exportAs('xlsx') },
                { key: 'csv', label: 'CSV', onPick: () => exportAs('csv') },
                ...(object.appendOnly
                  ? []
                  : [{ key: 'edit', label: t('export-edit'), onPick: () => exportAs('xlsx', true) }]),
              ]}
            />
          )}
          <Button size="small" danger icon={<DeleteOutlined />} onClick={remove}>
            {t('delete-picked')}
          </Button>
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined />}
            aria-label={t('clear-selection')}
            title={t('clear-selection')}
            onClick={onClear}
          />
        </>
      )}
      {dialog === 'set' && (
        <SetDialog
          object={object}
          env={env}
          n={n}
          onClose={() => setDialog(null)}
          onApply={(field, value) =>
            void act(
              ({ id, version }) => ({ op: 'update', object: object.name, id, version, set: { [field.name]: value } }),
              (good) => t('set-done', { n: good }),
            )
          }
        />
      )}
      {dialog === 'verify' && (
        <VerifyDialog
          object={object}
          n={n}
          onClose={() => setDialog(null)}
          onApply={(fields, method) =>
            void act(
              ({ id }) => ({ op: 'update', object: object.name, id, verify: { fields, method } }),
              (good) => t('verified-n', { n: good }),
            )
          }
        />
      )}
    </section>
  );
}

function SetDialog({
  object,
  env,
  n,
  onClose,
  onApply,
}: {
  object: ObjectDef;
  env: FormatEnv;
  n: number;
  onClose(): void;
  onApply(field: FieldDef, value: FieldValue): void;
}) {
  const t = useRecordsText();
  const label = useLabel();
  const fields = liveFields(object).filter((field) => editingOf(field) !== 'none' && !field.unique);
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState<{ value: FieldValue } | null>(null);
  const field = fields.find((one) => one.name === name);
  return (
    <Modal
      open
      title={t('set-field')}
      okText={t('apply')}
      okButtonProps={{ disabled: !field || value === null }}
      onCancel={onClose}
      onOk={() => field && value && onApply(field, value.value)}
    >
      <div className="xk-form-row">
        <label htmlFor="bulk-field">{t('bulk-field')}</label>
        <Select
          id="bulk-field"
          showSearch={{ optionFilterProp: 'label' }}
          value={name}
          onChange={(next) => {
            setName(next);
            setValue(null);
          }}
          options={fields.map((one) => ({ value: one.name, label: label(one.label) }))}
        />
      </div>
      {field && (
        <div className="xk-form-row">
          <span>{t('bulk-value')}</span>
          <FieldEditor
            key={field.name}
            form
            field={field}
            value={value?.value ?? null}
            env={env}
            onCommit={(next) => setValue({ value: next })}
            onCancel={() => {}}
          />
        </div>
      )}
      {field && <p className="xk-muted">{t('bulk-preview', { n, field: label(field.label) })}</p>}
    </Modal>
  );
}

function VerifyDialog({
  object,
  n,
  onClose,
  onApply,
}: {
  object: ObjectDef;
  n: number;
  onClose(): void;
  onApply(fields: string[], method: VerifyMethod): void;
}) {
  const t = useRecordsText();
  const label = useLabel();
  const lang = useLang();
  const tracked = liveFields(object).filter((field) => field.tracked);
  const [fields, setFields] = useState<string[]>([]);
  const [method, setMethod] = useState<VerifyMethod>('phone');
  return (
    <Modal
      open
      title={`${t('verify-picked')} · ${t('rows', { n })}`}
      okText={t('verify')}
      okButtonProps={{ disabled: fields.length === 0 }}
      onCancel={onClose}
      onOk={() => onApply(fields, method)}
    >
      <fieldset className="xk-form-row">
        <legend>{t('verify-fields')}</legend>
        <Checkbox.Group
          value={fields}
          onChange={(next) => setFields(next as string[])}
          options={tracked.map((field) => ({ value: field.name, label: label(field.label) }))}
        />
      </fieldset>
      <fieldset className="xk-form-row">
        <legend>{t('verify-how')}</legend>
        <Segmented
          value={method}
          onChange={(next) => setMethod(next as VerifyMethod)}
          options={VERIFY_METHODS.map((one) => ({ value: one, label: methodName(one, lang) }))}
        />
      </fieldset>
    </Modal>
  );
}
