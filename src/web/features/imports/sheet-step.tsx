import { Button } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Import } from './mapping.ts';
import { type ChangeCounts, type ChangeKind, useAsTable, useChoose, useSheetChanges } from './sheet-api.ts';
import { SheetList } from './sheet-list.tsx';
import { useSheetText } from './sheet-texts.ts';
import { useImportText } from './texts.ts';
import './sheet.css';

const TABS = {
  all: ['change', 'conflict', 'new', 'verify', 'refused', 'unreadable'],
  conflict: ['conflict'],
  change: ['change'],
  new: ['new'],
  verify: ['verify'],
  left: ['refused', 'unreadable'],
} as const satisfies Record<string, readonly ChangeKind[]>;
type Tab = keyof typeof TABS;
const TILES = ['change', 'conflict', 'new', 'verify', 'left'] as const;

const sum = (counts: ChangeCounts | undefined, tab: Tab): number =>
  TABS[tab].reduce((all, kind) => all + (counts?.[kind]?.all ?? 0), 0);

/** A sheet that was exported for editing and came back: what it would change, cell by cell, and who wins where both sides did. */
export function SheetStep({ data, starting, onStart }: { data: Import; starting: boolean; onStart: () => void }) {
  const t = useSheetText();
  const words = useImportText();
  if (data.state === 'previewing' || !data.preview)
    return (
      <Card className="xk-waiting">
        <p role="status">
          <strong>{t('comparing')}</strong>
          <br />
          <span className="xk-muted">
            {data.progress
              ? data.progress.total
                ? words('rows-of', { n: data.progress.rows, total: data.progress.total })
                : words('rows-done', { n: data.progress.rows })
              : t('comparing-hint')}
          </span>
        </p>
        <Skeleton lines={6} />
      </Card>
    );
  return <Review data={data} starting={starting} onStart={onStart} />;
}

function Review({ data, starting, onStart }: { data: Import; starting: boolean; onStart: () => void }) {
  const t = useSheetText();
  const lang = useLang();
  const toasts = useToasts();
  const catalog = useCatalog();
  const accounts = useAccounts();
  const date = useDateFormat(DAY_AND_TIME);
  const [picked, setPicked] = useState<Tab | null>(null);
  const failed = (error: unknown) => toasts.error(sentence(error));
  const choose = useChoose(data.id, failed);
  const asTable = useAsTable(data.id, failed);
  const overview = useSheetChanges(data.id, TABS.all, true);
  const counts = overview.data?.pages[0]?.counts as ChangeCounts | undefined;
  const tab: Tab = picked ?? (sum(counts, 'conflict') > 0 ? 'conflict' : 'all');
  const shown = useSheetChanges(data.id, TABS[tab], counts !== undefined);
  const object = catalog.objects.find((one) => one.name === data.settings?.object);
  const titles = useMemo(
    () => new Map(shown.data?.pages.flatMap((page) => Object.entries(page.titles)) ?? []),
    [shown.data],
  );
  const env = useFormatEnv(object?.fields ?? [], titles);
  const changes = useMemo(() => shown.data?.pages.flatMap((page) => page.changes) ?? [], [shown.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = shown;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  if (overview.error && !overview.data)
    return <Failure error={overview.error} onRetry={() => void overview.refetch()} />;
  if (!counts || !object) return <Skeleton lines={8} />;
  const rows = overview.data?.pages[0]?.rows ?? 0;
  const by = accounts.find((one) => one.id === data.roundTrip?.exportedBy.replace(/^user:/, ''))?.name;
  const exported = data.roundTrip
    ? t('exported', { when: date.format(new Date(data.roundTrip.exportedAt)), by: by ?? data.roundTrip.exportedBy })
    : '';
  const tabs = (Object.keys(TABS) as Tab[])
    .filter((key) => key === 'all' || sum(counts, key) > 0)
    .map((key) => ({ key, label: t(`tab-${key}`, { n: sum(counts, key) }) }));
  return (
    <div className="xk-import-step xk-sheet-step">
      <Card
        title={sum(counts, 'all') > 0 ? t('title') : t('nothing')}
        extra={<span className="xk-muted">{exported}</span>}
      >
        <dl className="xk-counts xk-sheet-tiles">
          {TILES.map((key) => (
            <div key={key} className={`xk-count ${TONE[key]}${sum(counts, key) === 0 ? ' xk-count-zero' : ''}`}>
              <dt>{t(`count-${key}`)}</dt>
              <dd className="xk-num">{formatNumber(sum(counts, key), lang)}</dd>
            </div>
          ))}
        </dl>
        {(data.roundTrip?.agreed ?? 0) > 0 && (
          <p className="xk-muted">{t('agreed', { n: data.roundTrip?.agreed ?? 0 })}</p>
        )}
        {data.notices.map((notice) => (
          <p key={notice.message} className="xk-muted">
            {notice.message}
          </p>
        ))}
      </Card>
      {sum(counts, 'all') === 0 ? (
        <EmptyState title={t('nothing')} hint={t('nothing-hint')} />
      ) : (
        <section className="xk-card xk-sheet">
          <Tabs label={t('tabs')} tabs={tabs} value={tab} onChange={setPicked}>
            {tab === 'conflict' && (
              <div className="xk-sheet-tools">
                <p className="xk-muted">{t('conflict-hint')}</p>
                <Button size="small" onClick={() => choose.mutate({ take: 'system', kind: 'conflict' })}>
                  {t('keep-all')}
                </Button>
                <Button size="small" onClick={() => choose.mutate({ take: 'file', kind: 'conflict' })}>
                  {t('take-all')}
                </Button>
              </div>
            )}
            {tab === 'left' && (
              <div className="xk-sheet-tools">
                <Button
                  size="small"
                  onClick={() =>
                    void download(
                      api.imports.errors,
                      { params: { id: data.id }, query: { format: 'xlsx' } },
                      'left.xlsx',
                    ).catch(failed)
                  }
                >
                  {t('left-file')}
                </Button>
              </div>
            )}
            {!shown.data ? (
              <Skeleton lines={6} />
            ) : changes.length === 0 ? (
              <p className="xk-muted">{t('nothing-here')}</p>
            ) : (
              <SheetList
                key={tab}
                changes={changes}
                total={sum(counts, tab)}
                object={object}
                env={env}
                onTake={({ row, place }, take) =>
                  choose.mutate({ take: take ? 'file' : 'system', cells: [{ row, place }] })
                }
                onEnd={more}
              />
            )}
          </Tabs>
        </section>
      )}
      <footer className="xk-import-actions">
        <Button type="text" title={t('back-all-hint')} loading={asTable.isPending} onClick={() => asTable.mutate()}>
          {t('back-all')}
        </Button>
        <span className="xk-grow" />
        <Button
          type="primary"
          size="large"
          disabled={rows === 0}
          loading={starting || choose.isPending}
          onClick={onStart}
        >
          {rows === 0 ? t('start-none') : t('start', { n: rows })}
        </Button>
      </footer>
    </div>
  );
}

const TONE: Record<(typeof TILES)[number], string> = {
  change: 'xk-count-update',
  conflict: 'xk-count-warn',
  new: 'xk-count-create',
  verify: 'xk-count-update',
  left: 'xk-count-reject',
};
