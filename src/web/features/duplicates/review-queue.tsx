import { Button } from 'antd';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { ShortcutKeys } from '../../ui/shortcut-keys.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useShortcuts, useShortcutsOn } from '../../ui/use-shortcuts.ts';
import { useQueue } from './duplicates-api.ts';
import { GroupDetail } from './group-detail.tsx';
import { GroupList } from './group-list.tsx';
import { afterLeaving, type Band, type ComparedObject, groupKey, proposed, stepTo } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';
import { useDecisions } from './use-decisions.ts';

const KEYS = [
  [['J', 'K'], 'key-jk'],
  [['M'], 'key-m'],
  [['N'], 'key-n'],
  [['S'], 'key-s'],
  [['Z'], 'key-z'],
] as const;

const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog.tsx')).MergeDialog }));

/** Groups below which more are fetched. */
const FEW = 8;

/** The queue: groups at the left, one of them at the right, decided with a key or a button. On a phone one group at a time. */
export function ReviewQueue({
  object,
  of,
  band,
  onBand,
}: {
  object: ObjectDef;
  of: ComparedObject;
  band: Band;
  onBand(band: Band): void;
}) {
  const t = useDuplicatesText();
  const phone = usePhone();
  const queue = useQueue(object.name, band, true);
  const decisions = useDecisions(object);
  const [shortcutsOn, setShortcutsOn] = useShortcutsOn();
  const [chosen, setChosen] = useState<string | null>(null);
  const [picked, setPicked] = useState<{ key: string; ids: string[] } | null>(null);
  const [merging, setMerging] = useState(false);

  const pages = queue.data?.pages;
  const groups = useMemo(
    () => (pages ?? []).flatMap((page) => page.groups).filter((group) => !decisions.left.has(groupKey(group))),
    [pages, decisions.left],
  );
  const titles = useMemo(() => new Map(pages?.flatMap((page) => Object.entries(page.titles))), [pages]);
  const keys = groups.map(groupKey);
  const current = chosen !== null && keys.includes(chosen) ? chosen : (keys[0] ?? null);
  const at = current === null ? -1 : keys.indexOf(current);
  const group = groups[at];
  const taking = new Set(picked?.key === current ? picked.ids : group ? proposed(group) : []);
  const { hasNextPage, isFetching, fetchNextPage, refetch } = queue;

  useEffect(() => {
    if (groups.length < FEW && hasNextPage && !isFetching) void fetchNextPage();
  }, [groups.length, hasNextPage, isFetching, fetchNextPage]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per count that comes, not once per empty answer
  useEffect(() => {
    // The list is done, yet there are some: others wrote, or merges made new pairs.
    if (band === 'all' && keys.length === 0 && of.open > 0 && !hasNextPage && !isFetching) void refetch();
  }, [of]);

  const step = (by: 1 | -1) => {
    setChosen(stepTo(keys, current, by));
    if (by === 1 && at >= keys.length - 3 && hasNextPage && !isFetching) void fetchNextPage();
  };
  const goOn = () => {
    if (current !== null) setChosen(afterLeaving(keys, current));
  };
  const answer = (decision: 'different' | 'later') => {
    if (!group || taking.size < 2 || !of.may.decide || decisions.busy) return;
    goOn();
    void decisions.decide(group, [...taking], decision);
  };
  useShortcuts(shortcutsOn && !merging, {
    j: () => step(1),
    k: () => step(-1),
    m: () => group && taking.size > 1 && of.may.merge && setMerging(true),
    n: () => answer('different'),
    s: () => answer('later'),
    z: decisions.undoLast,
  });

  if (queue.error && !queue.data) return <Failure error={queue.error} onRetry={() => void refetch()} />;
  if (!queue.data) return <Skeleton title lines={10} />;
  if (!group)
    return (
      <>
        {isFetching || hasNextPage ? (
          <Skeleton title lines={10} />
        ) : (
          <Nothing of={of} band={band} done={decisions.done} onBand={onBand} />
        )}
        {decisions.done > 0 && (
          <div className="xk-queue-undo">
            <Button onClick={decisions.undoLast}>{t('undo')}</Button>
          </div>
        )}
      </>
    );
  return (
    <div className="xk-queue">
      {!phone && (
        <div className="xk-queue-list">
          <GroupList object={object} groups={groups} current={current} onPick={setChosen} onStep={step} />
          {hasNextPage && (
            <Button block type="text" loading={queue.isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('more')}
            </Button>
          )}
        </div>
      )}
      <div className="xk-queue-main">
        <div className="xk-queue-bar">
          <span className="xk-num" role="status">
            {t(hasNextPage ? 'at-of-more' : 'at-of', { at: at + 1, n: keys.length })}
            {decisions.done > 0 && <span className="xk-muted"> · {t('done-n', { n: decisions.done })}</span>}
          </span>
          <span className="xk-queue-steps">
            <Button size="small" disabled={at <= 0} onClick={() => step(-1)} aria-label={t('previous')}>
              ‹
            </Button>
            <Button
              size="small"
              disabled={at >= keys.length - 1 && !hasNextPage}
              onClick={() => step(1)}
              aria-label={t('next')}
            >
              ›
            </Button>
            <Button size="small" disabled={decisions.done === 0} onClick={decisions.undoLast}>
              {t('undo')}
            </Button>
          </span>
        </div>
        <GroupDetail
          key={current}
          object={object}
          group={group}
          titles={titles}
          may={of.may}
          taking={taking}
          busy={decisions.busy}
          keysOn={shortcutsOn && !phone}
          onTake={(id, on) => {
            const ids = group.records.map((row) => row.id).filter((one) => (one === id ? on : taking.has(one)));
            if (current !== null) setPicked({ key: current, ids });
          }}
          onMerge={() => setMerging(true)}
          onDecide={answer}
        />
        {!phone && <ShortcutKeys keys={KEYS} t={t} on={shortcutsOn} onSwitch={setShortcutsOn} />}
      </div>
      {merging && (
        <Suspense fallback={null}>
          <MergeDialog
            object={object}
            records={[...taking]}
            onClose={() => setMerging(false)}
            onMerged={({ merge }) => {
              setMerging(false);
              goOn();
              return decisions.merged(group, [...taking], merge);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The queue is empty: why, and what comes next. */
function Nothing({
  of,
  band,
  done,
  onBand,
}: {
  of: ComparedObject;
  band: Band;
  done: number;
  onBand(band: Band): void;
}) {
  const t = useDuplicatesText();
  const time = useDateFormat(DAY_AND_TIME);
  if (band !== 'all' && of.open > 0)
    return (
      <EmptyState
        title={t('none-band')}
        hint={t('none-band-hint', { n: of.open })}
        action={<Button onClick={() => onBand('all')}>{t('all-bands')}</Button>}
      />
    );
  const next = time.format(new Date(of.nextScanAt));
  return (
    <EmptyState
      title={t(done > 0 ? 'all-done' : 'none-title')}
      hint={
        of.scannedAt ? t('none-hint', { last: time.format(new Date(of.scannedAt)), next }) : t('never-hint', { next })
      }
    />
  );
}
