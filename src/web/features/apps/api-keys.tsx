import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { CallDrawer } from './call-drawer.tsx';
import { KeyForm } from './key-form.tsx';
import { ScopeList } from './scope-list.tsx';
import { SecretBox } from './secret-box.tsx';
import { useAppsText } from './texts.ts';

const queryKey = ['api-keys'];

/** My API keys. A secret is shown once, when it is made. */
export function ApiKeys() {
  const t = useAppsText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [looking, setLooking] = useState<{ id: string; name: string } | null>(null);
  const when = useDateFormat(DAY_AND_TIME);
  const day = useDateFormat({ dateStyle: 'medium' });
  const { data, dataUpdatedAt } = useQuery({
    queryKey,
    queryFn: ({ signal }) => call(api.session.apiKeys, { signal }),
  });
  const revoke = useMutation({
    mutationFn: (key: { id: string; name: string }) => call(api.session.deleteApiKey, { params: { id: key.id } }),
    onSuccess: (_, key) => toasts.success(t('key-deleted', { name: key.name })),
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
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
  return (
    <section className="xk-card">
      <div className="xk-apps-tools">
        <p className="xk-muted">{t('keys-hint')}</p>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t('key-new')}
        </Button>
      </div>
      {secret && <SecretBox title={t('key-made')} lines={[{ value: secret }]} onClose={() => setSecret(null)} />}
      {!data ? (
        <Skeleton lines={3} />
      ) : data.keys.length === 0 ? (
        <p className="xk-muted xk-apps-none">{t('key-none')}</p>
      ) : (
        <ul className="xk-apps">
          {data.keys.map((key) => {
            const over = key.expiresAt !== null && new Date(key.expiresAt).getTime() <= dataUpdatedAt;
            return (
              <li key={key.id}>
                <div className="xk-app-what">
                  <strong>
                    {key.name} {over && <Badge tone="warn">{t('expired')}</Badge>}
                  </strong>
                  {key.scopes ? (
                    <ScopeList scopes={key.scopes} />
                  ) : (
                    <span className="xk-apps-warn">{t('scopes-all')}</span>
                  )}
                  <span className="xk-muted">
                    {key.lastUsedAt ? t('used', { time: when.format(new Date(key.lastUsedAt)) }) : t('never-used')} ·{' '}
                    {key.expiresAt ? t('ends', { time: day.format(new Date(key.expiresAt)) }) : t('no-end')}
                  </span>
                </div>
                <span className="xk-app-do">
                  <Button size="small" aria-label={t('calls-for', { name: key.name })} onClick={() => setLooking(key)}>
                    {t('calls')}
                  </Button>
                  <Button
                    size="small"
                    type="text"
                    danger
                    aria-label={t('key-delete-for', { name: key.name })}
                    onClick={() => ask(key)}
                  >
                    {t('key-delete')}
                  </Button>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {adding && (
        <KeyForm
          onClose={() => setAdding(false)}
          onMade={(key) => {
            setAdding(false);
            setSecret(key);
          }}
        />
      )}
      {looking && <CallDrawer of={{ ...looking, kind: 'key' }} onClose={() => setLooking(null)} />}
    </section>
  );
}
