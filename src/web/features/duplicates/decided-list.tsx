import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { decide, decidedKey, refreshCounts, refreshQueue } from './duplicates-api.ts';
import { useDuplicatesText } from './texts.ts';

/** What was said not to be one, and what was put off; each can go back into the queue. */
export function DecidedList({ object }: { object: string }) {
  const t = useDuplicatesText();
  const toasts = useToasts();
  const client = useQueryClient();
  const env = useFormatEnv([]);
  const time = useDateFormat(DAY_AND_TIME);
  const day = useDateFormat({ dateStyle: 'medium' });
  const decided = useInfiniteQuery({
    queryKey: decidedKey(object),
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(api.duplicates.decided, { query: { object, ...(pageParam && { after: pageParam }) }, signal }),
    getNextPageParam: (last) => last.next,
  });
  if (decided.error && !decided.data) return <Failure error={decided.error} onRetry={() => void decided.refetch()} />;
  if (!decided.data) return <Skeleton lines={6} />;
  const titles = Object.assign({}, ...decided.data.pages.map((page) => page.titles)) as Record<string, string>;
  const pairs = decided.data.pages.flatMap((page) => page.pairs);
  const putBack = async (a: string, b: string) => {
    try {
      await decide(object, [a, b], 'open');
      toasts.success(t('put-back-done'));
      await Promise.all([decided.refetch(), refreshCounts(client), refreshQueue(client, object)]);
    } catch (error) {
      toasts.error(sentence(error));
    }
  };
  if (pairs.length === 0) return <EmptyState title={t('decided-none')} hint={t('decided-none-hint')} />;
  return (
    <>
      <ul className="xk-decided">
        {pairs.map(({ a, b, state, at, by, until }) => (
          <li key={`${a}${b}`}>
            <span className="xk-decided-pair">
              {[a, b].map((id) => (
                <Link key={id} to="/o/$object/$id" params={{ object, id }}>
                  {titles[id] || t('empty')}
                </Link>
              ))}
            </span>
            <Badge tone={state === 'later' ? 'warn' : 'plain'}>
              {state === 'later' && until
                ? t('decided-later', { day: day.format(new Date(until)) })
                : t('decided-different')}
            </Badge>
            <span className="xk-muted">
              {t('decided-by', { by: env.title(by) ?? by, at: time.format(new Date(at)) })}
            </span>
            <Button
              size="small"
              aria-label={`${t('put-back')} ${titles[a] ?? ''} ${titles[b] ?? ''}`}
              onClick={() => void putBack(a, b)}
            >
              {t('put-back')}
            </Button>
          </li>
        ))}
      </ul>
      {decided.hasNextPage && (
        <Button block loading={decided.isFetchingNextPage} onClick={() => void decided.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );
}
