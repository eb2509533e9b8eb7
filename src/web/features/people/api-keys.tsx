import { CopyOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useText } from '../../i18n/core.ts';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePeopleText } from './texts.ts';

const queryKey = ['api-keys'];

/** My API keys. A secret is shown once, when it is made. */
export function ApiKeys() {
  const t = usePeopleText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [secret, setSecret] = useState<string | null>(null);
  const when = useDateFormat(DAY_AND_TIME);
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => call(api.session.apiKeys, { signal }) });
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  };
  const create = useMutation({
    mutationFn: () => call(api.session.createApiKey, { body: { name: name.trim() } }),
    onSuccess: ({ key }) => {
      setSecret(key);
      setName('');
    },
    ...shared,
  });
  const revoke = useMutation({
    mutationFn: (key: { id: string; name: string }) => call(api.session.deleteApiKey, { params: { id: key.id } }),
    onSuccess: (_, key) => toasts.success(t('key-deleted', { name: key.name })),
    ...shared,
  });
  const ask = (key: { id: string; name: string }) =>
    modal.confirm({
      title: t('key-delete-ask', { name: key.name }),
      content: t('key-delete-hint'),
      okText: t('key-delete'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: () => revoke.mutateAsync(key).catch(() => undefined),
    });
  const copy = async () => {
    if (!secret) return;
    await navigator.clipboard.writeText(secret);
    toasts.success(t('copied'));
  };
  return (
    <section className="xk-card">
      <p className="xk-muted">{t('keys-hint')}</p>
      <form
        className="xk-key-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') create.mutate();
        }}
      >
        <Input
          aria-label={t('key-name')}
          placeholder={t('key-name')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="primary" htmlType="submit" disabled={name.trim() === ''} loading={create.isPending}>
          {t('key-create')}
        </Button>
      </form>
      {secret && (
        <Alert
          type="success"
          closable={{ onClose: () => setSecret(null), 'aria-label': words('close') }}
          title={t('key-made')}
          description={
            <div className="xk-key-secret">
              <code>{secret}</code>
              <Button icon={<CopyOutlined />} onClick={() => void copy()}>
                {t('copy')}
              </Button>
            </div>
          }
        />
      )}
      {!data ? (
        <Skeleton lines={3} />
      ) : data.keys.length === 0 ? (
        <p className="xk-muted xk-key-none">{t('key-none')}</p>
      ) : (
        <ul className="xk-people">
          {data.keys.map((key) => (
            <li key={key.id}>
              <span className="xk-person-who">
                <strong>{key.name}</strong>
                <span className="xk-muted">
                  {key.lastUsedAt ? t('key-used', { time: when.format(new Date(key.lastUsedAt)) }) : t('key-never')}
                </span>
              </span>
              <Button
                size="small"
                type="text"
                danger
                aria-label={t('key-delete-for', { name: key.name })}
                onClick={() => ask(key)}
              >
                {t('key-delete')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
