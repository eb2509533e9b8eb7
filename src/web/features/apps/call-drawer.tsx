import { useQuery } from '@tanstack/react-query';
import { Alert, Drawer } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Skeleton } from '../../ui/page.tsx';
import { useAppsText } from './texts.ts';

/** What a program called lately. */
export function CallDrawer({
  of,
  onClose,
}: {
  of: { id: string; name: string; kind: 'app' | 'key' };
  onClose: () => void;
}) {
  const t = useAppsText();
  const when = useDateFormat(DAY_AND_TIME);
  const { data, error } = useQuery({
    queryKey: ['calls', of.id],
    staleTime: 0,
    queryFn: ({ signal }) =>
      call(of.kind === 'app' ? api.apps.calls : api.apps.keyCalls, { params: { id: of.id }, signal }),
  });
  return (
    <Drawer open size={640} title={t('calls-title', { name: of.name })} onClose={onClose}>
      {error && <Alert type="error" showIcon title={sentence(error)} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && (
        <>
          <p className="xk-muted">{t('calls-day', { n: data.day.calls, refused: data.day.refused })}</p>
          {data.calls.length === 0 ? (
            <p className="xk-muted">{t('calls-none')}</p>
          ) : (
            <section className="xk-scroll" aria-label={t('calls-title', { name: of.name })}>
              <table className="xk-plain-table">
                <thead>
                  <tr>
                    <th>{t('call-at')}</th>
                    <th>{t('call-what')}</th>
                    <th>{t('call-who')}</th>
                    <th>{t('call-status')}</th>
                    <th>{t('call-from')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.calls.map((one, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a log read once; nothing in it moves
                    <tr key={n}>
                      <td>{when.format(new Date(one.at))}</td>
                      <td>
                        <code>{one.call}</code>
                      </td>
                      <td>{one.account ?? '—'}</td>
                      <td className={one.status >= 400 ? 'xk-over' : undefined}>
                        {one.status} · {one.ms} ms
                      </td>
                      <td>{one.address}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )}
          <p className="xk-muted xk-apps-note">{t('calls-hint')}</p>
        </>
      )}
    </Drawer>
  );
}
