import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { channelSchema, channels } from '../../../contract/reminders.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useSession } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';

type Channel = z.output<typeof channelSchema>;
type Body = z.input<NonNullable<typeof channels.saveMail.body>>;

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/** How mail leaves. */
export function MailSettings() {
  const t = useReminderText();
  const { data } = useQuery({
    queryKey: noticeKeys.channels,
    queryFn: ({ signal }) => call(api.channels.list, { signal }),
  });
  return (
    <Card title={t('mail')}>
      <p className="xk-muted">{t('mail-hint')}</p>
      {data ? <MailForm stored={data.channels.find(({ id }) => id === 'mail')} /> : <Skeleton lines={5} />}
    </Card>
  );
}

function MailForm({ stored }: { stored: Channel | undefined }) {
  const t = useReminderText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const { account, workspace } = useSession();
  const [form, setForm] = useState<Body>(() => ({
    host: '',
    port: 465,
    security: 'tls',
    user: '',
    from: '',
    fromName: workspace.name,
    ...(stored?.settings as Partial<Body> | undefined),
    enabled: stored?.enabled ?? true,
  }));
  const [password, setPassword] = useState('');
  const change = (patch: Partial<Body>) => setForm((old) => ({ ...old, ...patch }));
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.channels }),
  };
  const save = useMutation({
    mutationFn: () => {
      const { replyTo, ...body } = form;
      return call(api.channels.saveMail, {
        body: { ...body, ...(replyTo && { replyTo }), ...(password !== '' && { password }) },
      });
    },
    onSuccess: () => {
      setPassword('');
      toasts.success(t('saved'));
    },
    ...shared,
  });
  const test = useMutation({
    mutationFn: () => call(api.channels.test, { params: { id: 'mail' } }),
    onSuccess: () => toasts.success(t('test-mail', { email: account.email })),
    ...shared,
  });
  const text = (
    key: 'host' | 'user' | 'from' | 'fromName' | 'replyTo',
    label: string,
    more: { required?: boolean; type?: string } = {},
  ) => (
    <label>
      <span>{label}</span>
      <input
        className="xk-plain-input"
        autoComplete="off"
        value={form[key] ?? ''}
        {...more}
        onChange={(event) => change({ [key]: event.target.value })}
      />
    </label>
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="xk-notify-grid">
        {text('host', t('host'), { required: true })}
        <label>
          <span>{t('security')}</span>
          <select
            className="xk-plain-input"
            value={form.security}
            onChange={(event) => {
              const security = event.target.value as Body['security'];
              change({ security, port: PORTS[security] });
            }}
          >
            {(['tls', 'starttls', 'none'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`security-${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('port')}</span>
          <input
            className="xk-plain-input"
            type="number"
            min={1}
            max={65535}
            required
            value={form.port}
            onChange={(event) => change({ port: Number(event.target.value) })}
          />
        </label>
        {text('user', t('user'))}
        <label>
          <span>{t('password')}</span>
          <input
            className="xk-plain-input"
            type="password"
            autoComplete="new-password"
            value={password}
            placeholder={stored?.hasSecret ? t('password-kept') : ''}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {text('from', t('from'), { required: true, type: 'email' })}
        {text('fromName', t('from-name'))}
        {text('replyTo', `${t('reply-to')} (${words('optional')})`, { type: 'email' })}
        <label className="xk-check">
          <input
            type="checkbox"
            checked={form.enabled}
            onChange={(event) => change({ enabled: event.target.checked })}
          />
          {t('enabled')}
        </label>
      </div>
      <div className="xk-notify-foot">
        {stored && (
          <Button onClick={() => test.mutate()} loading={test.isPending}>
            {t('test')}
          </Button>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {words('save')}
        </Button>
      </div>
    </form>
  );
}
