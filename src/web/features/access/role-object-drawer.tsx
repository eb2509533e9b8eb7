import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import type { PersonRoles, RoleView } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import { ACTION_NAMES, ruleName } from '../../../domain/access/explain.ts';
import { ROW_RULES, type RoleObject, type RowRule } from '../../../domain/access/role.ts';
import { ACTIONS, type Action, type FieldMode, MODES } from '../../../domain/access/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { accessKeys } from './access-api.ts';
import { RolePreview } from './role-preview.tsx';
import { modeWord } from './role-words.ts';
import { useAccessText } from './texts.ts';

const NOTHING: RoleObject = { rows: [], actions: [], fields: { '*': 'hidden' } };
const CLASSES = [
  ['*', 'default-mode'],
  ['@personal', 'personal-mode'],
  ['@sensitive', 'sensitive-mode'],
] as const;

/** What a role says of one object: rows, actions, fields; with what it would change for somebody. */
export function RoleObjectDrawer({
  role,
  object: name,
  people,
  onClose,
}: {
  role: RoleView;
  /** `*`: objects that are not named. */
  object: string;
  people: PersonRoles[];
  onClose: () => void;
}) {
  const t = useAccessText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const object = objects.find((one) => one.name === name);
  const [draft, setDraft] = useState<RoleObject>(role.objects[name] ?? role.objects['*'] ?? NOTHING);
  const set = (change: Partial<RoleObject>) => setDraft((now) => ({ ...now, ...change }));
  // A condition somebody wrote through the API stays as it is until it is taken away.
  const condition = draft.rows.find((rule) => rule.rule === 'filter');
  const offered = ROW_RULES.filter((rule) => rule !== 'filter' || condition);
  const toggle = (rule: RowRule['rule'], on: boolean) =>
    set({
      rows: on && rule !== 'filter' ? [...draft.rows, { rule }] : draft.rows.filter((one) => one.rule !== rule),
    });
  const setMode = (key: string, mode: FieldMode | '') => {
    const { [key]: _, ...rest } = draft.fields;
    set({ fields: mode === '' ? rest : { ...rest, [key]: mode } });
  };
  const changed = { id: role.id, label: role.label, acts: role.acts, objects: { ...role.objects, [name]: draft } };
  const save = useMutation({
    mutationFn: (all: RoleView['objects']) =>
      call(api.access.saveRole, {
        params: { id: role.id },
        body: { label: role.label, acts: role.acts, objects: all },
      }),
    onSuccess: () => {
      toasts.success(t('saved'));
      void client.invalidateQueries({ queryKey: accessKeys.roles });
      onClose();
    },
  });
  const { [name]: own, ...others } = role.objects;
  const of = object ? label(object.label) : t('others');
  return (
    <Drawer
      open
      size={520}
      title={t('edit-title', { role: label(role.label), object: of })}
      onClose={onClose}
      footer={
        <div className="xk-access-foot">
          {object && own && role.objects['*'] && <Button onClick={() => save.mutate(others)}>{t('reset')}</Button>}
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate(changed.objects)}>
            {words('save')}
          </Button>
        </div>
      }
    >
      <fieldset className="xk-form-row">
        <legend>{t('rows')}</legend>
        <div className="xk-access-boxes">
          {offered.map((rule) => (
            <label key={rule} className="xk-check">
              <input
                type="checkbox"
                checked={draft.rows.some((one) => one.rule === rule)}
                onChange={({ target }) => toggle(rule, target.checked)}
              />
              <span>{label(ruleName(rule))}</span>
            </label>
          ))}
        </div>
        <small className="xk-muted">{t('rows-hint')}</small>
      </fieldset>
      <fieldset className="xk-form-row">
        <legend>{t('actions')}</legend>
        <div className="xk-access-boxes">
          {ACTIONS.map((action: Action) => (
            <label key={action} className="xk-check">
              <input
                type="checkbox"
                checked={draft.actions.includes(action)}
                onChange={({ target }) =>
                  set({
                    actions: ACTIONS.filter((one) => (one === action ? target.checked : draft.actions.includes(one))),
                  })
                }
              />
              <span>{label(ACTION_NAMES[action])}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="xk-form-row">
        <legend>{t('fields-title')}</legend>
        <div className="xk-access-modes">
          {CLASSES.map(([key, text]) => (
            <ModeLine
              key={key}
              name={t(text)}
              value={draft.fields[key] ?? ''}
              none={key === '*' ? null : t('mode-none')}
              onChange={(mode) => setMode(key, mode)}
            />
          ))}
          {(object?.fields ?? [])
            .filter((field) => !field.retired)
            .map((field) => (
              <ModeLine
                key={field.name}
                name={label(field.label)}
                value={draft.fields[field.name] ?? ''}
                none={t('mode-default')}
                onChange={(mode) => setMode(field.name, mode)}
              />
            ))}
        </div>
      </fieldset>
      {object && <RolePreview role={changed} object={object} people={people} />}
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
    </Drawer>
  );
}

function ModeLine({
  name,
  value,
  none,
  onChange,
}: {
  name: string;
  value: FieldMode | '';
  /** What is said when nothing is; null: hidden is meant. */
  none: string | null;
  onChange: (mode: FieldMode | '') => void;
}) {
  const label = useLabel();
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{name}</label>
      <select
        id={id}
        className="xk-plain-input"
        value={value === '' && none === null ? 'hidden' : value}
        onChange={({ target }) => onChange(target.value as FieldMode | '')}
      >
        {none !== null && <option value="">{none}</option>}
        {MODES.map((mode) => (
          <option key={mode} value={mode}>
            {modeWord(mode, label)}
          </option>
        ))}
      </select>
    </div>
  );
}
