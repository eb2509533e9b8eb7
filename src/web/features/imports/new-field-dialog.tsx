import { useQueryClient } from '@tanstack/react-query';
import { Input, type InputRef, Modal, Select } from 'antd';
import { useRef, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { FieldTypeName } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { fieldTypeFaces } from '../../fields/field-types.tsx';
import { useLabel, useLang, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import type { ColumnMapping, TargetGroup } from './mapping.ts';
import { columnTypes, fieldFromColumn } from './new-field.ts';
import { useImportText } from './texts.ts';

/** Adds a field for a column without leaving the wizard; the column is mapped to it at once. */
export function NewFieldDialog({
  column,
  groups,
  onCreated,
  onClose,
}: {
  column: ColumnMapping;
  groups: TargetGroup[];
  onCreated: (target: string) => void;
  onClose: () => void;
}) {
  const t = useImportText();
  const words = useText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const idea = fieldFromColumn(column.header, column.samples);
  const [name, setName] = useState(idea.label[lang]);
  const [type, setType] = useState<FieldTypeName>(idea.type);
  const [object, setObject] = useState(groups[0]?.object ?? 'customer');
  const [saving, setSaving] = useState(false);
  const first = useRef<InputRef>(null);

  const create = async () => {
    const text = name.trim();
    if (text === '' || saving) return;
    setSaving(true);
    try {
      const field = await call(api.catalog.createField, {
        params: { object },
        body: {
          label: { zh: text, en: text },
          type,
          ...(idea.aliases && { aliases: idea.aliases }),
          // Choices come from the file itself: new values become options.
          ...((type === 'select' || type === 'tags') && { open: true, options: [] }),
        },
      });
      await queryClient.invalidateQueries({ queryKey: keys.catalog });
      toasts.success(t('created-field', { name: text }));
      onCreated(`${object}.${field.name}`);
    } catch (error) {
      toasts.error(sentence(error));
      setSaving(false);
    }
  };

  return (
    <Modal
      open
      title={t('new-field-for', { column: column.header || t('no-header', { n: column.column + 1 }) })}
      onCancel={onClose}
      onOk={() => void create()}
      okText={t('create-field')}
      cancelText={words('cancel')}
      okButtonProps={{ loading: saving, disabled: name.trim() === '' }}
      afterOpenChange={(open) => open && first.current?.focus({ cursor: 'all' })}
    >
      <form
        className="xk-form-rows"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <div className="xk-form-row">
          <label htmlFor="new-field-name">{t('field-name')}</label>
          <Input
            id="new-field-name"
            ref={first}
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="xk-form-row">
          <label htmlFor="new-field-type">{t('field-type')}</label>
          <Select
            id="new-field-type"
            value={type}
            onChange={setType}
            options={columnTypes.map((value) => ({
              value,
              label: (
                <span className="xk-type-option">
                  {fieldTypeFaces[value].icon} {label(fieldTypeFaces[value].label)}
                  <small className="xk-muted">{label(fieldTypeFaces[value].hint)}</small>
                </span>
              ),
            }))}
          />
        </div>
        {groups.length > 1 && (
          <div className="xk-form-row">
            <label htmlFor="new-field-object">{t('field-on')}</label>
            <Select
              id="new-field-object"
              value={object}
              onChange={setObject}
              options={groups.map((group) => ({ value: group.object, label: label(group.label) }))}
            />
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
