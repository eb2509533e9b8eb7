import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useNoun } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useExportText } from './texts.ts';
import './exports.css';

/** Everything that left the house as a file, newest first. */
export function ExportLog() {
  const t = useExportText();
  const noun = useNoun();
  const { objects } = useCatalog();
  const moment = useDateFormat({ dateStyle: 'short', timeStyle: 'short' });
  const list = useInfiniteQuery({
    queryKey: ['exports', 'log'],
    queryFn: ({ signal, pageParam }) =>
      call(api.exports.list, { query: { ...(pageParam && { before: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    staleTime: 0,
  });
  if (list.error && !list.data) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={8} />;
  const shown = list.data.pages.flatMap(({ exports }) => exports);
  if (shown.length === 0) return <EmptyState title={t('none')} />;
  const labelOf = (name: string) => noun(objects.find((one) => one.name === name)?.plural) || name;
  return (
    <section className="xk-card">
      <table className="xk-exports">
        <thead>
          <tr>
            {(['at', 'who', 'what', 'rows', 'code', 'state'] as const).map((one) => (
              <th key={one} scope="col">
                {t(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.id}>
              <td>{moment.format(new Date(one.at))}</td>
              <td>{one.actorName}</td>
              <td>
                {t('what-of', { object: labelOf(one.object), format: one.format.toUpperCase() })}
                {one.forEditing && ` · ${t('editing')}`}
                {one.reason && <small className="xk-muted">{one.reason}</small>}
              </td>
              <td>{one.rows === null ? '–' : t('rows-n', { n: one.rows.toLocaleString() })}</td>
              <td>
                {one.code}
                {one.leaf !== null && <small className="xk-muted">{t('leaf', { n: one.leaf })}</small>}
              </td>
              <td>
                {t(`state-${one.state}`)} {one.approval && <Badge tone="brand">{t('approved')}</Badge>}
                {one.taken.map(({ name, at }) => (
                  <small key={name + at} className="xk-muted">
                    {t('taken', { name })}
                  </small>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </section>
  );
}
