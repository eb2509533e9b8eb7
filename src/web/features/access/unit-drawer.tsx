import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import type { Units } from '../../../contract/access.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { accessKeys } from './access-api.ts';
import { removeUnit, saveUnit, type UnitDraft } from './unit-draft.ts';
import { useUnitText } from './unit-texts.ts';

/** Name, place and people of a department, team or territory. */
export function UnitDrawer({
  unit,
  departments,
  onClose,
}: {
  unit: UnitDraft;
  departments: Units['departments'];
  onClose: () => void;
}) {
  const t = useUnitText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const id = useId();
  const accounts = useAccounts().filter((one) => !one.disabled || unit.accounts.includes(one.id));
  const [draft, setDraft] = useState(unit);
  const set = (change: Partial<UnitDraft>) => setDraft((now) => ({ ...now, ...change }));
  const { kind, id: known } = draft;
  const done = (text: 'saved' | 'removed') => {
    toasts.success(t(text, { name: draft.name.trim() }));
    void client.invalidateQueries({ queryKey: accessKeys.units });
    onClose();
  };
  const save = useMutation({ mutationFn: () => saveUnit(draft), onSuccess: () => done('saved') });
  const remove = useMutation({
    mutationFn: () => removeUnit(kind, known ?? ''),
    onSuccess: () => done('removed'),
    onError: (error) => toasts.error(sentence(error)),
  });
  return (
    <Drawer
      open
      size={440}
      title={known ? t('edit', { what: t(kind), name: unit.name }) : t(`${kind}-new`)}
      onClose={onClose}
      footer={
        <div className="xk-access-foot">
          {known && (
            <Button
              danger
              onClick={() =>
                modal.confirm({
                  title: t('remove-ask', { name: unit.name }),
                  okText: t('remove'),
                  okButtonProps: { danger: true },
                  cancelText: words('cancel'),
                  onOk: () => remove.mutateAsync().catch(() => undefined),
                })
              }
            >
              {t('remove')}
            </Button>
          )}
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button
            type="primary"
            loading={save.isPending}
            disabled={!draft.name.trim() || (kind === 'territory' && draft.values.length === 0)}
            onClick={() => save.mutate()}
          >
            {words('save')}
          </Button>
        </div>
      }
    >
      <label className="xk-form-row" htmlFor={`${id}name`}>
        <span>{t('name')}</span>
        <input
          id={`${id}name`}
          className="xk-plain-input"
          maxLength={80}
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
      </label>
      {kind === 'department' && (
        <>
          <Pick
            label={t('parent')}
            none={t('top')}
            value={draft.parent}
            options={departments.filter((one) => one.id !== known)}
            onChange={(parent) => set({ parent })}
          />
          <Pick
            label={t('manager-label')}
            none={t('no-manager')}
            value={draft.manager}
            options={accounts}
            onChange={(manager) => set({ manager })}
          />
        </>
      )}
      {kind === 'territory' && <TerritoryOf draft={draft} set={set} />}
      <fieldset className="xk-form-row">
        <legend>{t('members')}</legend>
        <div className="xk-access-boxes">
          {accounts.map((one) => (
            <label key={one.id} className="xk-check">
              <input
                type="checkbox"
                checked={draft.accounts.includes(one.id)}
                onChange={({ target }) =>
                  set({
                    accounts: target.checked
                      ? [...draft.accounts, one.id]
                      : draft.accounts.filter((other) => other !== one.id),
                  })
                }
              />
              <span>{one.name}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
    </Drawer>
  );
}

function Pick({
  label,
  none,
  value,
  options,
  onChange,
}: {
  label: string;
  none: string;
  value: string | null;
  options: { id: string; name: string }[];
  onChange: (next: string | null) => void;
}) {
  const id = useId();
  return (
    <label className="xk-form-row" htmlFor={id}>
      <span>{label}</span>
      <select
        id={id}
        className="xk-plain-input"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value || null)}
      >
        <option value="">{none}</option>
        {options.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

const TYPES = ['select', 'multiselect', 'tags', 'tree'];

function TerritoryOf({ draft, set }: { draft: UnitDraft; set: (change: Partial<UnitDraft>) => void }) {
  const t = useUnitText();
  const label = useLabel();
  const id = useId();
  const objects = useCatalog().objects.filter((one) => !one.retired);
  const fields = objects.find(({ name }) => name === draft.object)?.fields ?? [];
  const offered = fields.filter((field) => !field.retired && TYPES.includes(field.type));
  const [text, setText] = useState(draft.values.join('\n'));
  return (
    <>
      <label className="xk-form-row" htmlFor={`${id}object`}>
        <span>{t('object')}</span>
        <select
          id={`${id}object`}
          className="xk-plain-input"
          value={draft.object}
          onChange={({ target }) => {
            const next = objects.find(({ name }) => name === target.value)?.fields ?? [];
            const first = next.find((field) => !field.retired && TYPES.includes(field.type));
            set({ object: target.value, field: first?.name ?? '' });
          }}
        >
          {objects.map((one) => (
            <option key={one.name} value={one.name}>
              {label(one.label)}
            </option>
          ))}
        </select>
      </label>
      <label className="xk-form-row" htmlFor={`${id}field`}>
        <span>{t('field')}</span>
        <select
          id={`${id}field`}
          className="xk-plain-input"
          value={draft.field}
          onChange={({ target }) => set({ field: target.value })}
        >
          {offered.map((field) => (
            <option key={field.name} value={field.name}>
              {label(field.label)}
            </option>
          ))}
        </select>
      </label>
      <label className="xk-form-row" htmlFor={`${id}values`}>
        <span>{t('values')}</span>
        <textarea
          id={`${id}values`}
          className="xk-plain-input"
          rows={4}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            const values = target.value.split('\n').map((one) => one.trim());
            set({ values: [...new Set(values.filter((one) => one !== ''))] });
          }}
        />
      </label>
    </>
  );
}
