import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { APPROVAL_KINDS } from '../../../domain/approvals/types.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Choice, NumberBox, type Option } from '../../ui/form-parts.tsx';
import type { Rule } from './approvals-api.ts';
import { type ApprovalText, useApprovalText } from './texts.ts';
import { useRoles } from './use-roles.ts';

/** One rule, in words that are boxes. */
export function RuleDrawer({
  rule: given,
  isNew,
  saving,
  onClose,
  onSave,
  onRemove,
}: {
  rule: Rule;
  isNew: boolean;
  saving: boolean;
  onClose(): void;
  onSave(rule: Rule): void;
  onRemove(): void;
}) {
  const t = useApprovalText();
  const words = useText();
  const label = useLabel();
  const objects = useCatalog().objects.filter(({ retired }) => !retired);
  const [rule, setRule] = useState(given);
  const set = (patch: Partial<Rule>) => setRule({ ...rule, ...patch });
  const object = objects.find(({ name }) => name === rule.object);
  const complete =
    (rule.decider.by !== 'role' || rule.decider.role !== '') &&
    (rule.decider.by !== 'person' || rule.decider.account !== '');
  return (
    <Drawer
      open
      size={440}
      title={t('rule-title')}
      onClose={onClose}
      footer={
        <div className="xk-approval-tools">
          {isNew ? (
            <span />
          ) : (
            <Button danger onClick={onRemove}>
              {t('rule-remove')}
            </Button>
          )}
          <span>
            <Button onClick={onClose}>{words('cancel')}</Button>{' '}
            <Button type="primary" loading={saving} disabled={!complete} onClick={() => onSave(rule)}>
              {t('save')}
            </Button>
          </span>
        </div>
      }
    >
      <Choice
        label={t('rule-kind')}
        value={rule.kind}
        options={APPROVAL_KINDS.map((kind) => [kind, t(`kind-${kind}`)])}
        onChange={(kind) => set({ kind: kind as Rule['kind'] })}
      />
      <Choice
        label={t('rule-object')}
        value={rule.object ?? ''}
        options={[['', t('rule-any')], ...objects.map(({ name, plural }): Option => [name, label(plural)])]}
        onChange={(name) => set({ object: name || undefined, fields: undefined })}
      />
      {rule.kind === 'protected' && object && <ProtectedFields rule={rule} onChange={set} t={t} />}
      <NumberBox
        label={t('rule-above')}
        hint={t('rule-above-hint')}
        min={0}
        max={100_000_000}
        value={rule.above}
        onChange={(above) => set({ above })}
      />
      <Deciding rule={rule} onChange={set} t={t} />
      <NumberBox
        label={t('rule-hours')}
        hint={t('rule-hours-hint')}
        min={1}
        max={720}
        value={rule.hours}
        onChange={(hours) => set({ hours })}
      />
      <label className="xk-check xk-form-row" style={{ flexDirection: 'row' }}>
        <input
          type="checkbox"
          checked={rule.exceptAdmins}
          onChange={({ target }) => set({ exceptAdmins: target.checked })}
        />
        {t('rule-admins')}
      </label>
      <label className="xk-check xk-form-row" style={{ flexDirection: 'row' }}>
        <input
          type="checkbox"
          checked={rule.off === true}
          onChange={({ target }) => set({ off: target.checked || undefined })}
        />
        {t('rule-off')}
      </label>
    </Drawer>
  );
}

function Deciding({ rule, onChange, t }: { rule: Rule; onChange(patch: Partial<Rule>): void; t: ApprovalText }) {
  const roles = useRoles();
  const people = useAccounts().filter(({ disabled }) => !disabled);
  const { decider } = rule;
  const named = people.map(({ id, name }): Option => [id, name]);
  const by = (value: string): Rule['decider'] =>
    value === 'role'
      ? { by: 'role', role: '' }
      : value === 'person'
        ? { by: 'person', account: '' }
        : { by: 'manager' };
  return (
    <>
      <Choice
        label={t('rule-by')}
        hint={decider.by === 'manager' ? t('by-manager-hint') : undefined}
        value={decider.by}
        options={(['manager', 'role', 'person'] as const).map((one) => [one, t(`by-${one}`)])}
        onChange={(value) => onChange({ decider: by(value) })}
      />
      {decider.by === 'role' && (
        <Choice
          label={t('rule-role')}
          value={decider.role}
          options={[['', ''], ...roles.map(({ id, name }): Option => [id, name])]}
          onChange={(role) => onChange({ decider: { by: 'role', role } })}
        />
      )}
      {decider.by === 'person' && (
        <Choice
          label={t('rule-person')}
          value={decider.account}
          options={[['', ''], ...named]}
          onChange={(account) => onChange({ decider: { by: 'person', account } })}
        />
      )}
      <Choice
        label={t('rule-deputy')}
        value={rule.deputy ?? ''}
        options={[['', t('deputy-none')], ...named]}
        onChange={(deputy) => onChange({ deputy: deputy || undefined })}
      />
    </>
  );
}

function ProtectedFields({ rule, onChange, t }: { rule: Rule; onChange(patch: Partial<Rule>): void; t: ApprovalText }) {
  const label = useLabel();
  const object = useCatalog().objects.find(({ name }) => name === rule.object);
  const fields = object?.fields.filter((field) => field.protected && !field.retired) ?? [];
  const chosen = rule.fields ?? [];
  if (fields.length === 0) return <p className="xk-muted xk-form-row">{t('rule-fields-none')}</p>;
  return (
    <fieldset className="xk-form-row">
      <legend>{t('rule-fields')}</legend>
      {fields.map(({ name, label: words }) => (
        <label key={name} className="xk-check">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ target }) =>
              onChange({ fields: target.checked ? [...chosen, name] : chosen.filter((one) => one !== name) })
            }
          />
          {label(words)}
        </label>
      ))}
      <small className="xk-muted">{t('rule-fields-hint')}</small>
    </fieldset>
  );
}
