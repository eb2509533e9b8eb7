import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys, useSession } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { type ChangeSet, undoable } from './change-set-words.ts';
import { useBinText } from './texts.ts';
import { UndoDialog } from './undo-dialog.tsx';
import { useSetWords } from './use-set-words.ts';

const pageSize = 50;
const dayMs = 86_400_000;

/**
 * Every change set in words, newest first, each with its undo. `dialogOf`: what another feature asks before it takes back a set of its kind.
 */
export function ChangeSetList({ dialogOf }: { dialogOf?: (set: ChangeSet, onClose: () => void) => ReactNode }) {
  const t = useBinText();
  const { account } = useSession();
  const [mine, setMine] = useState(false);
  const [undoing, setUndoing] = useState<ChangeSet | null>(null);
  const list = useInfiniteQuery({
    queryKey: [...keys.changeSets, mine],
    queryFn: async ({ signal, pageParam }) =>
      (
        await call(api.records.changeSets, {
          query: { limit: pageSize, ...(pageParam && { before: pageParam }), ...(mine && { mine: true }) },
          signal,
        })
      ).changeSets,
    initialPageParam: '',
    getNextPageParam: (page) => (page.length === pageSize ? page.at(-1)?.id : undefined),
  });
  if (list.error && !list.data) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={10} />;
  const sets = list.data.pages.flat();
  return (
    <>
      {account.role === 'admin' && (
        <label className="xk-bin-tools" htmlFor="only-mine">
          <input id="only-mine" type="checkbox" checked={mine} onChange={(event) => setMine(event.target.checked)} />{' '}
          {t('only-mine')}
        </label>
      )}
      {sets.length === 0 ? (
        <EmptyState title={t('sets-none')} hint={t('sets-none-hint')} />
      ) : (
        <section className="xk-card">
          <ul className="xk-sets">
            {sets.map((set, index) => (
              <SetLine key={set.id} set={set} before={sets[index - 1]} onUndo={() => setUndoing(set)} />
            ))}
          </ul>
          {list.hasNextPage && (
            <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('more')}
            </Button>
          )}
        </section>
      )}
      {undoing &&
        (dialogOf?.(undoing, () => setUndoing(null)) ?? <UndoDialog set={undoing} onClose={() => setUndoing(null)} />)}
    </>
  );
}

const sources = ['page', 'import', 'api', 'cli', 'form', 'customer', 'sync', 'rule', 'system'] as const;

function SetLine({ set, before, onUndo }: { set: ChangeSet; before: ChangeSet | undefined; onUndo: () => void }) {
  const t = useBinText();
  const lang = useLang();
  const words = useSetWords();
  const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
  const at = new Date(set.at);
  const heading = dayOf(set) !== dayOf(before) ? at : null;
  const can = undoable(set);
  const source = sources.find((one) => one === set.source);
  return (
    <>
      {heading && (
        <li className="xk-set-day">
          {sinceToday(heading) === 0
            ? t('today')
            : sinceToday(heading) === 1
              ? t('yesterday')
              : heading.toLocaleDateString(locale, { dateStyle: 'medium' })}
        </li>
      )}
      <li className={can === 'undone' ? 'xk-set-undone' : undefined}>
        <time className="xk-num xk-muted" dateTime={set.at}>
          {at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })}
        </time>
        <span className="xk-set-what">
          <strong>{words(set)}</strong>
          {set.reason && <span className="xk-muted">“{set.reason}”</span>}
        </span>
        <span className="xk-muted">
          {set.actorName}
          {source && ` · ${t(`source-${source}`)}`}
        </span>
        {can === 'yes' ? (
          <Button size="small" onClick={onUndo} aria-label={`${t('undo')}: ${words(set)}`}>
            {t('undo')}
          </Button>
        ) : (
          <span className="xk-muted xk-set-state">
            {can === 'undone' ? t('status-undone') : can === 'running' ? t('status-running') : ''}
          </span>
        )}
      </li>
    </>
  );
}

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const sinceToday = (date: Date): number => Math.round((startOfDay(new Date()) - startOfDay(date)) / dayMs);
const dayOf = (set: ChangeSet | undefined): number | null => (set ? startOfDay(new Date(set.at)) : null);
