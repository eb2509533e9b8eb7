import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useText } from '../../i18n/core.ts';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { ScopeList } from './scope-list.tsx';
import { useAppsText } from './texts.ts';

const queryKey = ['connections'];

/** Apps that act for me, what each may see, and the way to take that back. */
export function Connections() {
  const t = useAppsText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const when = useDateFormat(DAY_AND_TIME);
  const day = useDateFormat({ dateStyle: 'medium' });
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => call(api.apps.connected, { signal }) });
  const end = useMutation({
    mutationFn: (one: { app: string; name: string }) => call(api.apps.disconnect, { params: { id: one.app } }),
    onSuccess: (_, { name }) => toasts.success(t('disconnected', { name })),
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  if (!data) return <Skeleton lines={4} />;
  if (data.connections.length === 0)
    return <EmptyState title={t('connections-none')} hint={t('connections-none-hint')} />;
  return (
    <section className="xk-card">
      <p className="xk-muted">{t('connections-hint')}</p>
      <ul className="xk-apps">
        {data.connections.map((one) => (
          <li key={one.app}>
            <span className="xk-app-mark" aria-hidden="true">
              {[...one.name][0]}
            </span>
            <div className="xk-app-what">
              <strong>{one.name}</strong>
              {one.about && <span>{one.about}</span>}
              <ScopeList scopes={one.scopes} />
              <span className="xk-muted">
                {t('since', { time: day.format(new Date(one.since)) })} ·{' '}
                {one.lastUsedAt ? t('used', { time: when.format(new Date(one.lastUsedAt)) }) : t('never-used')}
              </span>
            </div>
            <Button
              size="small"
              danger
              aria-label={t('disconnect-for', { name: one.name })}
              onClick={() =>
                modal.confirm({
                  title: t('disconnect-ask', { name: one.name }),
                  content: t('disconnect-hint'),
                  okText: t('disconnect'),
                  okButtonProps: { danger: true },
                  cancelText: words('cancel'),
                  onOk: () => end.mutateAsync(one).catch(() => undefined),
                })
              }
            >
              {t('disconnect')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
