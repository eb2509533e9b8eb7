import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { channelSchema } from '../../../contract/reminders.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';

const EXAMPLE = '{"mobile":"{phone}","content":"{text}"}';

/** How text messages leave: any provider that takes JSON over HTTP. Off until somebody switches it on. */
export function SmsSettings() {
  const t = useReminderText();
  const { data } = useQuery({
    queryKey: noticeKeys.channels,
    queryFn: ({ signal }) => call(api.channels.list, { signal }),
  });
  return (
    <Card title={t('sms')}>
      <p className="xk-muted">{t('sms-hint')}</p>
      {data ? <SmsForm stored={data.channels.find(({ kind }) => kind === 'sms')} /> : <Skeleton lines={4} />}
    </Card>
  );
}

function SmsForm({ stored }: { stored: z.output<typeof channelSchema> | undefined }) {
  const t = useReminderText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const kept = (key: string) => (typeof stored?.settings[key] === 'string' ? stored.settings[key] : '');
  const [form, setForm] = useState({
    ...{ url: '', authorization: '', body: stored ? '' : EXAMPLE },
    ...{ okPath: kept('okPath'), okValue: kept('okValue') },
  });
  const [enabled, setEnabled] = useState(stored?.enabled ?? false);
  const [to, setTo] = useState('');
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.channels }),
  };
  const save = useMutation({
    mutationFn: () => {
      const { okPath, okValue, ...secret } = form;
      const typed = Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== ''));
      return call(api.channels.saveSms, { body: { enabled, okPath, okValue, ...typed } });
    },
    onSuccess: () => {
      setForm((old) => ({ ...old, url: '', authorization: '', body: '' }));
      toasts.success(t('saved'));
    },
    ...shared,
  });
  const test = useMutation({
    mutationFn: () => call(api.channels.testSms, { body: { to } }),
    onSuccess: () => toasts.success(t('sms-tested', { to })),
    ...shared,
  });
  const box = (key: keyof typeof form, label: string, hint?: string) => (
    <label>
      <span>{label}</span>
      <input
        className="xk-plain-input"
        autoComplete="off"
        value={form[key]}
        placeholder={hint}
        onChange={({ target }) => setForm((old) => ({ ...old, [key]: target.value }))}
      />
    </label>
  );
  const secret = stored ? t('sms-kept') : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="xk-notify-grid">
        {box('url', t('sms-url'), stored ? `${kept('host')} · ${t('sms-kept')}` : 'https://…')}
        {box('authorization', t('sms-authorization'), secret)}
        {box('body', t('sms-body'), secret)}
        {box('okPath', t('sms-ok-path'), 'code')}
        {box('okValue', t('sms-ok-value'), '0')}
      </div>
      <label className="xk-check">
        <input type="checkbox" checked={enabled} onChange={({ target }) => setEnabled(target.checked)} />
        {t('enabled')}
      </label>
      <div className="xk-notify-foot">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {words('save')}
        </Button>
        {stored?.enabled && (
          <>
            <input
              className="xk-plain-input"
              type="tel"
              aria-label={t('sms-to')}
              placeholder={t('sms-to')}
              value={to}
              onChange={({ target }) => setTo(target.value)}
            />
            <Button disabled={to.trim().length < 3} loading={test.isPending} onClick={() => test.mutate()}>
              {t('test')}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}
