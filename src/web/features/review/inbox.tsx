import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Proposal } from '../../../contract/proposals.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { ShortcutKeys } from '../../ui/shortcut-keys.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useShortcuts, useShortcutsOn } from '../../ui/use-shortcuts.ts';
import { BatchBar } from './batch-bar.tsx';
import { InboxFilters } from './inbox-filters.tsx';
import { placeOf, type ReviewSearch, type Stop, stillOpen, stopKey, stopsOf } from './inbox-model.ts';
import { ProposalCard } from './proposal-card.tsx';
import { RejectReason } from './reject-reason.tsx';
import { type Narrowing, useFacets, useProposals } from './review-api.ts';
import { useReviewText } from './texts.ts';
import { useDecisions, type Verdict } from './use-decisions.ts';
import { useSelection } from './use-selection.ts';

const KEYS = [
  [['J', 'K'], 'key-move'],
  [['A'], 'key-a'],
  [['M'], 'key-m'],
  [['R'], 'key-r'],
  [['X'], 'key-x'],
  [['O'], 'key-o'],
  [['Z'], 'key-z'],
] as const;

/** Proposals below which more are fetched. */
const FEW = 10;

/** Everything that waits, newest first, decided with a key or a button. */
export function Inbox({
  search,
  owner,
  onSearch,
}: {
  search: ReviewSearch;
  owner: 'me' | 'all';
  onSearch(patch: ReviewSearch): void;
}) {
  const t = useReviewText();
  const phone = usePhone();
  const navigate = useNavigate();
  const narrowing = useMemo((): Narrowing => {
    const { from, object, field, record, age } = search;
    return {
      ...(owner === 'me' && { owner: 'me' }),
      ...(from && { from: from as NonNullable<Narrowing['from']> }),
      ...(object && { object }),
      ...(field && { field }),
      ...(record && { record }),
      ...(age && { olderThanDays: Number(age) }),
    };
  }, [search, owner]);
  const queue = useProposals(narrowing);
  const facets = useFacets(narrowing);
  const decisions = useDecisions();
  const [shortcutsOn, setShortcutsOn] = useShortcutsOn();
  const [chosen, setChosen] = useState<Stop | null>(null);
  const [armed, setArmed] = useState<string | null>(null);
  const [rejecting, setRejecting] = useState<{ proposal: Proposal; fields: string[]; anchor: DOMRect } | null>(null);

  const pages = queue.data?.pages;
  const all = useMemo(() => pages?.flatMap((page) => page.proposals) ?? [], [pages]);
  const shown = useMemo(() => stillOpen(all, decisions.left), [all, decisions.left]);
  const stops = useMemo(() => stopsOf(shown), [shown]);
  const place = useRef(0);
  const at = placeOf(stops, chosen, place.current);
  place.current = Math.max(0, at);
  const stop = stops[at];
  const current = stop ? stopKey(stop) : null;
  const proposal = shown.find(({ id }) => id === stop?.id);
  const field = proposal?.fields.find((one) => one.field === stop?.field);
  const gone = all.filter(({ fields }) => fields.some(({ open }) => open)).length - shown.length;
  const total = useTotal(facets.data?.total ?? 0, facets.dataUpdatedAt, gone);
  const selection = useSelection(shown.map(({ id }) => id));
  const { hasNextPage, isFetching, fetchNextPage, refetch } = queue;
  const newest = pages?.[0]?.proposals[0]?.id;
  const loaded = shown.length;
  const fresh = facets.data && !hasNextPage && !isFetching && !facets.isFetching ? total - loaded : 0;

  useEffect(() => {
    if (loaded < FEW && hasNextPage && !isFetching) void fetchNextPage();
  }, [loaded, hasNextPage, isFetching, fetchNextPage]);

  const step = (by: 1 | -1) => {
    setArmed(null);
    setChosen(stops[Math.max(0, Math.min(stops.length - 1, at + by))] ?? null);
    if (by === 1 && at >= stops.length - 5 && hasNextPage && !isFetching) void fetchNextPage();
  };
  const decide = (one: Proposal, names: string[], verdict: Verdict, note?: string) => {
    const changed = one.fields.some(({ field: name, standing }) => names.includes(name) && standing === 'changed');
    setArmed(null);
    void decisions.decide(one, names, verdict, {
      ...(changed && verdict !== 'reject' && { overwrite: true }),
      ...(note && { note }),
    });
  };
  const press = (verdict: Verdict) => {
    if (!proposal || !field?.mayDecide) return;
    if (verdict === 'meant' && field.suspicion?.meantText === undefined) return;
    // A key is pressed without looking: what somebody wrote meanwhile is overwritten at the second press.
    if (verdict !== 'reject' && field.standing === 'changed' && armed !== current) setArmed(current);
    else decide(proposal, [field.field], verdict);
  };
  useShortcuts(shortcutsOn && !rejecting && !decisions.progress, {
    j: () => step(1),
    k: () => step(-1),
    a: () => press('accept'),
    m: () => press('meant'),
    r: () => press('reject'),
    R: () => {
      const row = document.querySelector('.xk-prop-field[data-current]');
      if (proposal && field?.mayDecide && row)
        setRejecting({ proposal, fields: [field.field], anchor: row.getBoundingClientRect() });
    },
    x: () => stop && selection.toggle(stop.id, false),
    X: () => stop && selection.toggle(stop.id, true),
    o: () =>
      proposal && void navigate({ to: '/o/$object/$id', params: { object: proposal.object, id: proposal.record } }),
    z: decisions.undoLast,
  });

  const batch = (verdict: Verdict, note: string) => {
    const many = selection.matching
      ? { matching: narrowing, upTo: newest, total }
      : { ids: shown.map(({ id }) => id).filter((id) => selection.ids.has(id)) };
    selection.clear();
    void decisions.decideMany(many, verdict, note === '' ? undefined : note);
  };
  const batching = selection.matching || selection.ids.size > 0 || decisions.progress !== null;
  const odd = shown.some(
    ({ id, fields }) =>
      (selection.matching || selection.ids.has(id)) &&
      fields.some(({ suspicion }) => suspicion?.meantText !== undefined),
  );
  return (
    <div className="xk-inbox">
      <InboxFilters search={search} owner={owner} onChange={onSearch} />
      {queue.error && !queue.data && <Failure error={queue.error} onRetry={() => void refetch()} />}
      {!queue.data && !queue.error && <Skeleton title lines={10} />}
      {queue.data && loaded === 0 && (isFetching || hasNextPage) && <Skeleton title lines={10} />}
      {queue.data && loaded === 0 && !isFetching && !hasNextPage && (
        <Nothing narrowed={Object.keys(narrowing).length > 0} done={decisions.done} onAll={() => onSearch(ALL)} />
      )}
      {loaded > 0 && (
        <>
          <div className="xk-prop-bar">
            <label className="xk-check">
              <input
                type="checkbox"
                aria-label={t('select-all', { n: loaded })}
                checked={selection.matching || (selection.ids.size > 0 && selection.ids.size >= loaded)}
                onChange={({ target }) => (target.checked ? selection.all() : selection.clear())}
              />
              <span className="xk-num">{t('count', { n: total || loaded })}</span>
            </label>
            {decisions.done > 0 && (
              <span className="xk-muted xk-num" role="status">
                {t('count-done', { n: decisions.done })}
              </span>
            )}
            {fresh > 0 && (
              <Button size="small" type="link" onClick={() => void refetch()}>
                {t('fresh', { n: fresh })}
              </Button>
            )}
          </div>
          <ul className="xk-props" aria-label={t('list')}>
            {shown.map((one) => (
              <ProposalCard
                key={one.id}
                proposal={one}
                current={phone ? null : current}
                armed={armed}
                selected={selection.matching || selection.ids.has(one.id)}
                onSelect={(range) => selection.toggle(one.id, range)}
                onPick={setChosen}
                onDecide={(names, verdict) => decide(one, names, verdict)}
                onRejectWhy={(fields, anchor) => setRejecting({ proposal: one, fields, anchor })}
              />
            ))}
          </ul>
          {hasNextPage && (
            <Button block type="text" loading={queue.isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('more')}
            </Button>
          )}
          {!phone && !batching && <ShortcutKeys keys={KEYS} t={t} on={shortcutsOn} onSwitch={setShortcutsOn} />}
        </>
      )}
      {batching && (
        <BatchBar
          count={selection.ids.size}
          matching={selection.matching}
          total={total}
          odd={odd}
          progress={decisions.progress}
          onMatching={selection.takeMatching}
          onClear={selection.clear}
          onDecide={batch}
          onStop={decisions.stop}
        />
      )}
      {rejecting && (
        <RejectReason
          anchor={rejecting.anchor}
          onClose={() => setRejecting(null)}
          onReject={(note) => {
            const { proposal: one, fields } = rejecting;
            setRejecting(null);
            decide(one, fields, 'reject', note);
          }}
        />
      )}
    </div>
  );
}

/** How many wait: what was counted, less what has left since. */
function useTotal(counted: number, at: number, gone: number): number {
  const then = useRef({ at, gone });
  if (then.current.at !== at) then.current = { at, gone };
  return Math.max(0, counted - (gone - then.current.gone));
}

const ALL: ReviewSearch = {
  owner: 'all',
  from: undefined,
  object: undefined,
  field: undefined,
  age: undefined,
  record: undefined,
};

/** Nothing waits: why, and what comes next. */
function Nothing({ narrowed, done, onAll }: { narrowed: boolean; done: number; onAll(): void }) {
  const t = useReviewText();
  if (narrowed) return <EmptyState title={t('none-filter')} action={<Button onClick={onAll}>{t('see-all')}</Button>} />;
  return <EmptyState title={t(done > 0 ? 'all-done' : 'none-title')} hint={t('none-hint')} />;
}
