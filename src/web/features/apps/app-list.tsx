import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { AppDrawer, type Made, type RegisteredApp } from './app-drawer.tsx';
import { CallDrawer } from './call-drawer.tsx';
import { ScopeList } from './scope-list.tsx';
import { SecretBox } from './secret-box.tsx';
import { useAppsText } from './texts.ts';

const queryKey = ['apps'];

/** Registered apps, for administrators. */
export function AppList() {
  const t = useAppsText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const accounts = useAccounts();
  const when = useDateFormat(DAY_AND_TIME);
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => call(api.apps.list, { signal }) });
  const [editing, setEditing] = useState<RegisteredApp | 'new' | null>(null);
  const [looking, setLooking] = useState<RegisteredApp | null>(null);
  const [made, setMade] = useState<(Made & { renewed?: boolean }) | null>(null);
  const settled = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  };
  const change = useMutation({
    mutationFn: ({ id, disabled }: RegisteredApp) =>
      call(api.apps.update, { params: { id }, body: { disabled: !disabled } }),
    onSuccess: (_, { name }) => toasts.success(t('saved', { name })),
    ...settled,
  });
  const renew = useMutation({
    mutationFn: ({ id }: RegisteredApp) => call(api.apps.renewSecret, { params: { id } }),
    onSuccess: ({ secret }, { id, name }) => setMade({ id, name, secret, renewed: true }),
    ...settled,
  });
  const remove = useMutation({
    mutationFn: ({ id }: RegisteredApp) => call(api.apps.remove, { params: { id } }),
    onSuccess: (_, { name }) => toasts.success(t('removed', { name })),
    ...settled,
  });
  const ask = (kind: 'renew' | 'remove', app: RegisteredApp) =>
    modal.confirm({
      title: t(`${kind}-ask`, { name: app.name }),
      content: t(`${kind}-hint`),
      okText: t(kind === 'renew' ? 'renew-secret' : 'remove'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: () => (kind === 'renew' ? renew : remove).mutateAsync(app).catch(() => undefined),
    });
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
      {t('register')}
    </Button>
  );
  return (
    <>
      {made && (
        <SecretBox
          title={t(made.renewed ? 'renewed' : 'registered', { name: made.name })}
          lines={[
            { name: t('client-id'), value: made.id },
            ...(made.secret === null ? [] : [{ name: t('client-secret'), value: made.secret }]),
          ]}
          onClose={() => setMade(null)}
        />
      )}
      {!data ? (
        <Skeleton lines={4} />
      ) : data.apps.length === 0 ? (
        <EmptyState title={t('apps-none')} hint={t('apps-none-hint')} action={add} />
      ) : (
        <section className="xk-card">
          <div className="xk-apps-tools">
            <p className="xk-muted">{t('apps-hint')}</p>
            {add}
          </div>
          <ul className="xk-apps">
            {data.apps.map((app) => (
              <li key={app.id} className={app.disabled ? 'xk-app-off' : undefined}>
                <span className="xk-app-mark" aria-hidden="true">
                  {[...app.name][0]}
                </span>
                <div className="xk-app-what">
                  <strong>
                    {app.name} {app.disabled && <Badge tone="warn">{t('disabled')}</Badge>}{' '}
                    {!app.confidential && <Badge>{t('public')}</Badge>}
                  </strong>
                  {app.about && <span>{app.about}</span>}
                  <ScopeList scopes={app.scopes} />
                  {app.account && (
                    <span>
                      {t('own-identity', { name: accounts.find(({ id }) => id === app.account)?.name ?? '—' })}
                    </span>
                  )}
                  <span className="xk-muted">
                    {t('people', { n: app.people })} ·{' '}
                    {app.lastUsedAt ? t('used', { time: when.format(new Date(app.lastUsedAt)) }) : t('never-used')}
                  </span>
                  <code className="xk-muted">{app.id}</code>
                </div>
                <span className="xk-app-do">
                  <Button size="small" aria-label={t('edit', { name: app.name })} onClick={() => setEditing(app)}>
                    {words('edit')}
                  </Button>
                  <Button size="small" aria-label={t('calls-for', { name: app.name })} onClick={() => setLooking(app)}>
                    {t('calls')}
                  </Button>
                  {app.confidential && (
                    <Button
                      size="small"
                      aria-label={t('renew-for', { name: app.name })}
                      onClick={() => ask('renew', app)}
                    >
                      {t('renew-secret')}
                    </Button>
                  )}
                  <Button
                    size="small"
                    aria-label={`${t(app.disabled ? 'enable' : 'disable')}: ${app.name}`}
                    onClick={() => change.mutate(app)}
                  >
                    {t(app.disabled ? 'enable' : 'disable')}
                  </Button>
                  <Button
                    size="small"
                    type="text"
                    danger
                    aria-label={t('remove-for', { name: app.name })}
                    onClick={() => ask('remove', app)}
                  >
                    {t('remove')}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {editing && (
        <AppDrawer app={editing === 'new' ? null : editing} onMade={setMade} onClose={() => setEditing(null)} />
      )}
      {looking && <CallDrawer of={{ ...looking, kind: 'app' }} onClose={() => setLooking(null)} />}
    </>
  );
}
