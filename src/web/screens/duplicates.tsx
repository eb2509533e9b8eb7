import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useMay, useObject } from '../api/query.ts';
import { DecidedList } from '../features/duplicates/decided-list.tsx';
import { useComparedObjects } from '../features/duplicates/duplicates-api.ts';
import { BANDS, type Band, type ComparedObject } from '../features/duplicates/queue-model.ts';
import { ReviewQueue } from '../features/duplicates/review-queue.tsx';
import { ScanStatus } from '../features/duplicates/scan-status.tsx';
import { useDuplicatesText } from '../features/duplicates/texts.ts';
import { useOwnershipText } from '../features/ownership/texts.ts';
import { useLabel } from '../i18n/core.ts';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/error-boundary.tsx';
import { EmptyState, Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/duplicates/duplicates.css';

const ListComparison = lazy(async () => ({
  default: (await import('../features/duplicates/list-comparison.tsx')).ListComparison,
}));

const MatchRules = lazy(async () => ({ default: (await import('../features/duplicates/match-rules.tsx')).MatchRules }));

const PrivateCheck = lazy(async () => ({
  default: (await import('../features/ownership/private-check.tsx')).PrivateCheck,
}));

interface Search {
  object?: string | undefined;
  band?: string | undefined;
  tab?: 'decided' | 'lists' | 'check' | 'rules' | undefined;
}

/** Records that look like one, to decide; which object and likeness are in the address. */
export function DuplicatesScreen() {
  const t = useDuplicatesText();
  const label = useLabel();
  const navigate = useNavigate();
  const search: Search = useSearch({ from: '/app/duplicates' });
  const { data, error, refetch } = useComparedObjects();
  const of = data?.find((one) => one.object === search.object) ?? data?.[0];
  const go = (patch: Search) => {
    const { object, band, tab } = { ...search, ...patch };
    void navigate({
      to: '/duplicates',
      search: { ...(object && { object }), ...(band && { band }), ...(tab && { tab }) },
      replace: true,
    });
  };
  return (
    <Page width="wide">
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          of && (
            <>
              {data && data.length > 1 && (
                <select
                  className="xk-plain-input"
                  aria-label={t('object')}
                  value={of.object}
                  onChange={(event) => go({ object: event.target.value, band: 'all' })}
                >
                  {data.map((one) => (
                    <option key={one.object} value={one.object}>
                      {`${label(one.label)} (${one.open})`}
                    </option>
                  ))}
                </select>
              )}
              <ScanStatus key={of.object} of={of} />
            </>
          )
        }
      />
      {error && !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton title lines={10} />
      ) : of ? (
        <OfObject key={of.object} of={of} objects={data} search={search} go={go} />
      ) : (
        <EmptyState title={t('none-objects')} hint={t('none-objects-hint')} />
      )}
    </Page>
  );
}

function OfObject({
  of,
  objects,
  search,
  go,
}: {
  of: ComparedObject;
  objects: ComparedObject[];
  search: Search;
  go(patch: Search): void;
}) {
  const t = useDuplicatesText();
  const own = useOwnershipText();
  const object = useObject(of.object);
  const mayRule = useMay('quality');
  const tab = search.tab ?? 'open';
  const band: Band = BANDS.find((one) => one === search.band) ?? 'all';
  if (!object) return null;
  return (
    <Tabs
      label={t('title')}
      tabs={[
        { key: 'open', label: t('tab-open') },
        { key: 'decided', label: t('tab-decided') },
        { key: 'lists', label: t('tab-lists') },
        { key: 'check', label: own('check') },
        ...(mayRule ? [{ key: 'rules' as const, label: t('tab-rules') }] : []),
      ]}
      value={tab}
      onChange={(next) => go({ tab: next === 'open' ? undefined : next })}
    >
      {tab === 'rules' && mayRule ? (
        <Suspense fallback={<Skeleton lines={4} />}>
          <MatchRules object={object} />
        </Suspense>
      ) : tab === 'check' ? (
        <Suspense fallback={<Skeleton lines={4} />}>
          <PrivateCheck />
        </Suspense>
      ) : tab === 'decided' ? (
        <DecidedList object={of.object} />
      ) : tab === 'lists' ? (
        <Suspense fallback={<Skeleton lines={4} />}>
          <ListComparison objects={objects} />
        </Suspense>
      ) : (
        <>
          {of.open > 0 && (
            <div className="xk-queue-tools">
              <Choices
                label={t('band')}
                value={band}
                onChange={(next) => go({ band: next })}
                options={BANDS.map((value) => ({ value, label: t(`band-${value}`) }))}
              />
              <span className="xk-muted xk-num">{t('left-pairs', { n: of.open })}</span>
            </div>
          )}
          <ReviewQueue key={band} object={object} of={of} band={band} onBand={(next) => go({ band: next })} />
        </>
      )}
    </Tabs>
  );
}
