import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { automationKeys } from './automation-api.ts';
import { useAutomationText } from './texts/words.ts';
import './automation.css';

const PAGE = 30;

/** What was sent to other systems: what arrived, what did not, and a button to send it again. */
export function Deliveries() {
  const t = useAutomationText();
  const toasts = useToasts();
  const client = useQueryClient();
  const format = useDateFormat(DAY_AND_TIME);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: automationKeys.deliveries,
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(api.automation.deliveries, { query: { limit: PAGE, ...(pageParam && { before: pageParam }) }, signal }),
    getNextPageParam: ({ deliveries }) => (deliveries.length === PAGE ? deliveries.at(-1)?.id : undefined),
  });
  const replay = useMutation({
    mutationFn: (id: string) => call(api.automation.replay, { params: { id } }),
    onSuccess: () => toasts.success(t('replayed')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: automationKeys.deliveries }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const deliveries = data.pages.flatMap((page) => page.deliveries);
  return (
    <Card>
      {deliveries.length === 0 && <EmptyState title={t('d-none')} hint={t('d-none-hint')} />}
      <ul className="xk-auto-log">
        {deliveries.map((one) => (
          <li key={one.id}>
            <div className="xk-auto-log-head">
              <Badge tone={one.state === 'sent' ? 'brand' : one.state === 'failed' ? 'warn' : 'plain'}>
                {t(`d-${one.state}`)}
              </Badge>
              <strong>{one.channelName}</strong>
              <span className="xk-muted">{format.format(new Date(one.createdAt))}</span>
              <span className="xk-muted">{t('attempts', { n: one.attempts })}</span>
              {one.nextTryAt !== null && (
                <span className="xk-muted">{t('next-try', { at: format.format(new Date(one.nextTryAt)) })}</span>
              )}
              {one.replayable && (
                <Button
                  size="small"
                  aria-label={t('replay-name', { name: one.channelName })}
                  onClick={() => replay.mutate(one.id)}
                >
                  {t('replay')}
                </Button>
              )}
            </div>
            <p className="xk-muted">
              <code>{one.id}</code> {one.answer}
            </p>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Card>
  );
}
