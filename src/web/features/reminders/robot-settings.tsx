import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { noticeKeys } from './keys.ts';
import { useReminderText } from './texts.ts';

const KINDS = ['wecom', 'dingtalk', 'feishu', 'webhook'] as const;
const EMPTY = { kind: 'wecom' as (typeof KINDS)[number], name: '', url: '', secret: '' };

/** Group robots and webhooks: add, try, switch off, remove. */
export function RobotSettings() {
  const t = useReminderText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [form, setForm] = useState(EMPTY);
  const { data } = useQuery({
    queryKey: noticeKeys.channels,
    queryFn: ({ signal }) => call(api.channels.list, { signal }),
  });
  const robots =
    data?.channels.flatMap(({ kind, ...one }) => (kind === 'mail' || kind === 'sms' ? [] : [{ kind, ...one }])) ?? [];
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.channels }),
  };
  const add = useMutation({
    mutationFn: () => {
      const { secret, ...body } = form;
      return call(api.channels.addRobot, { body: { ...body, ...(secret !== '' && { secret }) } });
    },
    onSuccess: () => setForm(EMPTY),
    ...shared,
  });
  const test = useMutation({
    mutationFn: (id: string) => call(api.channels.test, { params: { id } }),
    onSuccess: () => toasts.success(t('test-robot')),
    ...shared,
  });
  const turn = useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      call(api.channels.changeRobot, { params: { id }, body: { enabled } }),
    ...shared,
  });
  const remove = useMutation({ mutationFn: (id: string) => call(api.channels.remove, { params: { id } }), ...shared });
  return (
    <Card title={t('robots')}>
      <p className="xk-muted">{t('robots-hint')}</p>
      {robots.length === 0 && <p>{t('robots-none')}</p>}
      <ul className="xk-robots">
        {robots.map(({ id, kind, name, enabled, settings }) => (
          <li key={id}>
            <span>
              <strong>{name}</strong>{' '}
              <span className="xk-muted">
                {t(kind)} · {String(settings.host ?? '')}
              </span>
            </span>
            <label className="xk-check">
              <input
                type="checkbox"
                aria-label={t('switch-for', { name })}
                checked={enabled}
                onChange={(event) => turn.mutate({ id, enabled: event.target.checked })}
              />
              {t('enabled')}
            </label>
            <Button
              size="small"
              aria-label={t('test-for', { name })}
              loading={test.isPending && test.variables === id}
              onClick={() => test.mutate(id)}
            >
              {t('test')}
            </Button>
            <Button
              size="small"
              type="text"
              danger
              aria-label={t('remove-for', { name })}
              onClick={() => remove.mutate(id)}
            >
              {t('remove')}
            </Button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <div className="xk-notify-grid">
          <label>
            <span>{t('kind')}</span>
            <select
              className="xk-plain-input"
              value={form.kind}
              onChange={(event) => setForm({ ...form, kind: event.target.value as typeof form.kind })}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(kind)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{t('name')}</span>
            <input
              className="xk-plain-input"
              required
              maxLength={80}
              value={form.name}
              onChange={(event) => setForm({ ...form, name: event.target.value })}
            />
          </label>
          <label>
            <span>{t('url')}</span>
            <input
              className="xk-plain-input"
              type="url"
              required
              autoComplete="off"
              value={form.url}
              onChange={(event) => setForm({ ...form, url: event.target.value })}
            />
          </label>
          {form.kind !== 'wecom' && (
            <label>
              <span>{t('secret')}</span>
              <input
                className="xk-plain-input"
                type="password"
                autoComplete="new-password"
                value={form.secret}
                onChange={(event) => setForm({ ...form, secret: event.target.value })}
              />
            </label>
          )}
        </div>
        <div className="xk-notify-foot">
          <Button htmlType="submit" loading={add.isPending}>
            {t('add')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
