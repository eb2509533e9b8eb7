import { DeleteOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { useAccounts, useSession } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, NumberBox, type Option, TextBox } from '../../ui/form-parts.tsx';
import { automationKeys, type Then } from './automation-api.ts';
import { FieldForm, writable } from './field-form.tsx';
import { useAutomationText } from './texts/words.ts';

const KINDS = ['task', 'notify', 'set', 'tag', 'propose', 'assign', 'webhook', 'mail'] as const;
type Whom = Extract<Then, { do: 'notify' }>['to'];

/** One action of a rule. */
export function ThenForm({
  action,
  subject,
  onChange,
  onRemove,
}: {
  action: Then;
  subject: ObjectDef;
  onChange(next: Then): void;
  onRemove: (() => void) | undefined;
}) {
  const t = useAutomationText();
  return (
    <div className="xk-auto-action">
      <div className="xk-auto-action-head">
        <Choice
          label={t('do')}
          value={action.do}
          options={KINDS.map((kind) => [kind, t(`do-${kind}`)])}
          onChange={(kind) => onChange(newAction(kind as Then['do'], subject))}
        />
        {onRemove && (
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('remove-then')} onClick={onRemove} />
        )}
      </div>
      <Details action={action} subject={subject} onChange={onChange} />
    </div>
  );
}

function Details({ action, subject, onChange }: { action: Then; subject: ObjectDef; onChange(next: Then): void }) {
  const t = useAutomationText();
  const hint = t('text-hint', { x: `{${subject.title}}` });
  switch (action.do) {
    case 'task':
      return (
        <>
          <TextBox
            label={t('task-title')}
            hint={hint}
            value={action.title}
            onChange={(title) => onChange({ ...action, title })}
          />
          <WhomForm to={action.to} onChange={(to) => onChange({ ...action, to })} />
          <NumberBox
            label={t('due-days')}
            min={0}
            max={365}
            value={action.dueDays ?? 0}
            onChange={(dueDays) => onChange({ ...action, dueDays })}
          />
          <Choice
            label={t('priority')}
            value={action.priority ?? 'middle'}
            options={(['high', 'middle', 'low'] as const).map((one) => [one, t(`prio-${one}`)])}
            onChange={(one) =>
              onChange({ ...action, priority: one === 'high' ? 'high' : one === 'low' ? 'low' : 'middle' })
            }
          />
        </>
      );
    case 'notify':
      return (
        <>
          <WhomForm to={action.to} onChange={(to) => onChange({ ...action, to })} />
          <TextBox
            label={t('text')}
            hint={hint}
            value={action.text}
            onChange={(text) => onChange({ ...action, text })}
          />
        </>
      );
    case 'set':
    case 'propose':
    case 'tag':
      return <FieldForm action={action} subject={subject} hint={hint} onChange={onChange} />;
    case 'assign':
      return <AssignForm action={action} onChange={onChange} />;
    case 'webhook':
      return <WebhookForm action={action} onChange={onChange} />;
    case 'mail':
      return <MailForm action={action} subject={subject} hint={hint} onChange={onChange} />;
  }
}

function WhomForm({ to, onChange }: { to: Whom; onChange(next: Whom): void }) {
  const t = useAutomationText();
  const label = useLabel();
  const people = useAccounts().filter(({ disabled }) => !disabled);
  const { account } = useSession();
  const { data } = useQuery({
    queryKey: ['automation', 'roles'],
    queryFn: ({ signal }) => call(api.access.roles, { signal }),
    enabled: account.role === 'admin',
  });
  const begin = (who: string): Whom =>
    who === 'person'
      ? { who, account: people[0]?.id ?? '' }
      : who === 'role'
        ? { who, role: data?.roles[0]?.id ?? 'admin' }
        : { who: who === 'manager' ? 'manager' : 'owner' };
  return (
    <>
      <Choice
        label={t('to')}
        value={to.who}
        options={(['owner', 'manager', 'person', 'role'] as const).map((one) => [one, t(`who-${one}`)])}
        onChange={(who) => onChange(begin(who))}
      />
      {to.who === 'person' && (
        <Choice
          label={t('person')}
          value={to.account}
          options={people.map(({ id, name }) => [id, name])}
          onChange={(one) => onChange({ who: 'person', account: one })}
        />
      )}
      {to.who === 'role' && (
        <Choice
          label={t('role')}
          value={to.role}
          options={data?.roles.map((role): Option => [role.id, label(role.label)]) ?? [[to.role, to.role]]}
          onChange={(role) => onChange({ who: 'role', role })}
        />
      )}
    </>
  );
}

function AssignForm({ action, onChange }: { action: Extract<Then, { do: 'assign' }>; onChange(next: Then): void }) {
  const t = useAutomationText();
  const people = useAccounts().filter(({ disabled }) => !disabled);
  const { data } = useQuery({
    queryKey: ['automation', 'teams'],
    queryFn: ({ signal }) => call(api.access.units, { signal }),
  });
  const { to } = action;
  return (
    <>
      <Choice
        label={t('to')}
        value={to.who}
        options={(['person', 'team'] as const).map((one) => [one, t(`who-${one}`)])}
        onChange={(who) =>
          onChange({
            do: 'assign',
            to:
              who === 'team'
                ? { who: 'team', team: data?.teams[0]?.id ?? '', by: 'even' }
                : { who: 'person', account: people[0]?.id ?? '' },
          })
        }
      />
      {to.who === 'person' ? (
        <Choice
          label={t('person')}
          value={to.account}
          options={people.map(({ id, name }) => [id, name])}
          onChange={(account) => onChange({ do: 'assign', to: { who: 'person', account } })}
        />
      ) : (
        <>
          <Choice
            label={t('team')}
            value={to.team}
            options={data?.teams.map(({ id, name }): Option => [id, name]) ?? []}
            onChange={(team) => onChange({ do: 'assign', to: { ...to, team } })}
          />
          <Choice
            label={t('share')}
            value={to.by}
            options={(['even', 'load'] as const).map((one) => [one, t(`share-${one}`)])}
            onChange={(by) => onChange({ do: 'assign', to: { ...to, by: by === 'load' ? 'load' : 'even' } })}
          />
        </>
      )}
    </>
  );
}

function WebhookForm({ action, onChange }: { action: Extract<Then, { do: 'webhook' }>; onChange(next: Then): void }) {
  const t = useAutomationText();
  const { data } = useQuery({
    queryKey: automationKeys.webhooks,
    queryFn: ({ signal }) => call(api.channels.list, { signal }),
  });
  const webhooks = data?.channels.filter(({ kind }) => kind === 'webhook') ?? [];
  if (data && webhooks.length === 0) return <p className="xk-muted">{t('no-channels')}</p>;
  return (
    <Choice
      label={t('channel')}
      value={action.channel ?? ''}
      options={[['', t('all-channels')], ...webhooks.map(({ id, name }): Option => [id, name])]}
      onChange={(channel) => onChange({ do: 'webhook', ...(channel && { channel }) })}
    />
  );
}

function MailForm({
  action,
  subject,
  hint,
  onChange,
}: {
  action: Extract<Then, { do: 'mail' }>;
  subject: ObjectDef;
  hint: string;
  onChange(next: Then): void;
}) {
  const t = useAutomationText();
  const label = useLabel();
  const { data } = useQuery({
    queryKey: ['automation', 'purposes'],
    queryFn: ({ signal }) => call(api.privacy.purposes, { signal }),
  });
  const addresses = subject.fields.filter((field) => field.type === 'email' && !field.retired);
  return (
    <>
      <Choice
        label={t('address')}
        value={action.field}
        options={addresses.map((field) => [field.name, label(field.label)])}
        onChange={(field) => onChange({ ...action, field })}
      />
      <Choice
        label={t('purpose')}
        hint={t('purpose-hint')}
        value={action.purpose}
        options={
          data?.purposes.filter(({ retired }) => !retired).map((one): Option => [one.id, label(one.label)]) ?? [
            [action.purpose, action.purpose],
          ]
        }
        onChange={(purpose) => onChange({ ...action, purpose })}
      />
      <TextBox
        label={t('subject')}
        value={action.subject}
        onChange={(text) => onChange({ ...action, subject: text })}
      />
      <TextBox
        long
        label={t('text')}
        hint={hint}
        value={action.text}
        onChange={(text) => onChange({ ...action, text })}
      />
    </>
  );
}

/** A beginning of each kind. */
export function newAction(kind: Then['do'], subject: ObjectDef): Then {
  switch (kind) {
    case 'task':
      return { do: 'task', title: '', to: { who: 'owner' }, dueDays: 3 };
    case 'notify':
      return { do: 'notify', to: { who: 'owner' }, text: '' };
    case 'set':
    case 'propose':
      return { do: kind, field: writable(subject, false)[0]?.name ?? '', value: '' };
    case 'tag':
      return { do: 'tag', field: writable(subject, true)[0]?.name ?? '', add: [], remove: [] };
    case 'assign':
      return { do: 'assign', to: { who: 'person', account: '' } };
    case 'webhook':
      return { do: 'webhook' };
    case 'mail':
      return {
        do: 'mail',
        field: subject.fields.find(({ type }) => type === 'email')?.name ?? '',
        subject: '',
        text: '',
        purpose: 'service',
      };
  }
}
