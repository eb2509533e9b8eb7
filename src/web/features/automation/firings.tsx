import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { FiringView } from '../../../contract/automation.ts';
import { call } from '../../api/client.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useUndo } from '../../api/use-undo.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { automationKeys } from './automation-api.ts';
import { useRuleWords } from './rule-words.tsx';
import { type AutomationText, useAutomationText } from './texts/words.ts';
import './automation.css';

const PAGE = 30;

/** What rules did: cause, consequences, what failed. */
export function Firings({ rule, onAll }: { rule: string | null; onAll(): void }) {
  const t = useAutomationText();
  const format = useDateFormat(DAY_AND_TIME);
  const undo = useUndo();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...automationKeys.firings, rule],
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(api.automation.firings, {
        query: { limit: PAGE, ...(rule !== null && { rule }), ...(pageParam && { before: pageParam }) },
        signal,
      }),
    getNextPageParam: ({ firings }) => (firings.length === PAGE ? firings.at(-1)?.id : undefined),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  const firings = data.pages.flatMap((page) => page.firings);
  return (
    <Card
      {...(rule !== null && {
        title: firings[0]?.ruleName ?? t('tab-log'),
        extra: <Button onClick={onAll}>{t('log-all')}</Button>,
      })}
    >
      {firings.length === 0 && <EmptyState title={t('log-none')} hint={t('log-none-hint')} />}
      <ul className="xk-auto-log">
        {firings.map((firing) => (
          <li key={firing.id}>
            <div className="xk-auto-log-head">
              <Badge tone={toneOf(firing.state)}>{t(`state-${firing.state}`)}</Badge>
              <strong>{firing.ruleName}</strong>
              <Link to="/o/$object/$id" params={{ object: firing.object, id: firing.record }}>
                {firing.title}
              </Link>
              <span className="xk-muted">{format.format(new Date(firing.at))}</span>
              <span className="xk-muted">{t(firing.changeSet === null ? 'cause-clock' : 'cause-change')}</span>
              {firing.wrote !== null && (
                <Button size="small" type="text" onClick={() => void undo(firing.wrote ?? '')}>
                  {firing.together > 1 ? t('undo-all', { n: firing.together }) : t('undo')}
                </Button>
              )}
            </div>
            <Consequences firing={firing} />
            {firing.error && <p className="xk-muted">{firing.error.message ?? errorWords(t, firing.error.code)}</p>}
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

const toneOf = (state: FiringView['state']) => (state === 'done' ? 'brand' : state === 'failed' ? 'warn' : 'plain');

function Consequences({ firing }: { firing: FiringView }) {
  const t = useAutomationText();
  const { objects } = useCatalog();
  const { fieldWord } = useRuleWords();
  const accounts = useAccounts();
  if (firing.results.length === 0) return null;
  return (
    <p>
      {firing.results.map((result, at) => {
        const object = objects.find(({ name }) => name === (result.object ?? firing.object));
        const words = t(`r-${kindOf(result.do)}`, {
          n: result.count ?? result.people?.length ?? 0,
          field: result.field === undefined ? '' : fieldWord(object, result.field),
          name: accounts.find(({ id }) => id === result.people?.[0])?.name ?? '—',
        });
        const none = result.none === undefined ? '' : `（${noneWords(t, result.none)}）`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: results have no identity but their place
          <span key={at}>
            {at > 0 && t('semicolon')}
            {result.do === 'task' && result.id !== undefined ? (
              <Link to="/o/$object/$id" params={{ object: 'task', id: result.id }}>
                {words}
              </Link>
            ) : (
              words + none
            )}
          </span>
        );
      })}
    </p>
  );
}

const KINDS = ['task', 'notify', 'set', 'tag', 'propose', 'assign', 'webhook', 'mail'] as const;
const kindOf = (kind: string) => KINDS.find((one) => one === kind) ?? 'set';

const NONE = ['nobody', 'no-record', 'no-address', 'objected', 'no-channel', 'same'] as const;
const noneWords = (t: AutomationText, none: string) => t(`none-${NONE.find((one) => one === none) ?? 'same'}`);

const ERRORS = [
  'own-consequence',
  'chain-too-long',
  'rule-off',
  'rule-gone',
  'author-gone',
  'record-gone',
  'conflict',
] as const;
const errorWords = (t: AutomationText, code: string) => t(`e-${ERRORS.find((one) => one === code) ?? 'internal'}`);
