import { CheckOutlined, ClockCircleOutlined, DeleteOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { ApiError } from '../../../api/errors.ts';
import { useCatalog } from '../../../api/query.ts';
import { useDoneToast } from '../../../api/use-undo.tsx';
import { formatMoment } from '../../../fields/format.ts';
import { Failure } from '../../../ui/error-boundary.tsx';
import { Floating } from '../../../ui/floating.tsx';
import { Leaf } from '../../../ui/leaf.tsx';
import { EmptyState, Skeleton } from '../../../ui/page.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { liveFields } from '../columns.ts';
import { AddInteraction, parentField } from './add-interaction.tsx';
import { CallAction } from './call-action.tsx';
import { RecordFields } from './record-fields.tsx';
import { Related } from './related.tsx';
import { useRecordText } from './texts.ts';
import { Timeline, type TimelineMark } from './timeline.tsx';
import { useRecord } from './use-record.ts';
import './record.css';

const ConflictDialog = lazy(async () => ({ default: (await import('../conflict-dialog.tsx')).ConflictDialog }));

/** `YYYY-MM-DD` → the moment that day ends here, as the API wants it; today has not ended, so it is now. */
export const endOfDay = (day: string): string =>
  new Date(Math.min(Date.parse(`${day}T23:59:59.999`), Date.now())).toISOString();

/**
 * Everything about one record. On its page three columns (facts, timeline, related); beside the table and on phones the same three as tabs.
 * With a day chosen it shows that day and nothing can be changed.
 */
export function RecordView({
  object,
  id,
  day,
  onDay,
  layout,
  historyOf,
  nav,
  actions,
  marks,
  gone,
  note,
  beside,
  onDeleted,
}: {
  object: ObjectDef;
  id: string;
  day: string | undefined;
  onDay(day: string | undefined): void;
  layout: 'columns' | 'tabs';
  historyOf?: string | undefined;
  nav: ReactNode;
  /** What other features can do with the record. */
  actions?: ReactNode;
  /** What other features add to the timeline. */
  marks?: TimelineMark[];
  /** Shown instead, when there is no such record or it is in the bin; gets what would be shown. */
  gone?: (otherwise: ReactNode) => ReactNode;
  /** A line below the head. */
  note?: ReactNode;
  /** What other features know of the record, above what belongs to it. */
  beside?: ReactNode;
  onDeleted(): void;
}) {
  const t = useRecordText();
  const toasts = useToasts();
  const done = useDoneToast();
  const catalog = useCatalog();
  const asOf = useMemo(() => (day ? endOfDay(day) : undefined), [day]);
  const state = useRecord(object, id, asOf);
  const { query, row, env, book } = state;
  const [tab, setTab] = useState<'facts' | 'timeline' | 'related'>('facts');
  const [dayAt, setDayAt] = useState<DOMRect | null>(null);
  const notes = catalog.objects.find((one) => one.appendOnly && !one.retired && parentField(one, object.name));

  const banner = day && (
    <div className="xk-asof" role="status">
      <ClockCircleOutlined /> {t('as-of-banner', { day })}
      <Button size="small" onClick={() => onDay(undefined)}>
        {t('as-of-now')}
      </Button>
    </div>
  );
  if (query.isPending) return <RecordShell nav={nav}>{<Skeleton title lines={10} />}</RecordShell>;
  if (!row) {
    const missing = query.error instanceof ApiError && query.error.status === 404;
    const sentence = <EmptyState heading="h1" title={day ? t('not-yet') : t('deleted')} hint={query.error?.message} />;
    return (
      <RecordShell nav={nav}>
        {banner}
        {missing || !query.error ? (
          gone && !day ? (
            gone(sentence)
          ) : (
            sentence
          )
        ) : (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
      </RecordShell>
    );
  }

  const title = String(row.values[object.title] ?? '');
  const checkable = liveFields(object).filter((field) => {
    const cell = row.freshness?.cells[field.name];
    return cell && cell.state !== 'missing';
  });
  const verifyAll = () =>
    void book
      .run([
        {
          op: 'update',
          object: object.name,
          id,
          verify: { fields: checkable.map((field) => field.name), method: 'phone' },
        },
      ])
      .then(
        (outcomes) =>
          outcomes.length > 0 && toasts.undoable(t('verify-all-done', { n: checkable.length }), () => void book.undo()),
      );
  const remove = async () => {
    const outcomes = await book.run([{ op: 'delete', object: object.name, id, version: row.version }]);
    if (outcomes[0]?.status !== 'applied') {
      if (outcomes[0]?.issues?.[0]?.message) toasts.error(outcomes[0].issues[0].message);
      return;
    }
    done(t('delete-done', { title }), book.lastChangeSet());
    onDeleted();
  };

  const facts = (
    <RecordFields object={object} row={row} state={state} readonly={day !== undefined} historyOf={historyOf} />
  );
  const timeline = (
    <>
      {notes && !day && <AddInteraction object={notes} parent={object.name} id={id} />}
      <Timeline object={object} id={id} asOf={asOf} env={env} marks={day ? [] : marks} />
    </>
  );
  const related = (
    <>
      {!day && beside}
      <Related object={object} id={id} asOf={asOf} />
    </>
  );

  const content = (
    <>
      <div className="xk-record-head">
        <div className="xk-record-title">
          <h1>{title}</h1>
          {row.freshness && <Leaf confidence={row.freshness.score} size={20} />}
        </div>
        <div className="xk-record-actions">
          {!day && <CallAction object={object} row={row} />}
          {!day && checkable.length > 0 && (
            <Button size="small" icon={<CheckOutlined />} onClick={verifyAll}>
              {t('verify-all')}
            </Button>
          )}
          {!day && actions}
          <Button
            size="small"
            type="text"
            icon={<ClockCircleOutlined />}
            onClick={(event) => setDayAt(event.currentTarget.getBoundingClientRect())}
          >
            {t('as-of')}
          </Button>
          {!day && (
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('delete-record')}
              title={t('delete-record')}
              onClick={() => void remove()}
            />
          )}
        </div>
        <p className="xk-muted xk-record-meta">
          {t('created-line', {
            by: env.title(row.createdBy) ?? row.createdBy,
            at: formatMoment(row.createdAt, env.timeZone),
          })}{' '}
          · {t('updated-line', { at: formatMoment(row.updatedAt, env.timeZone) })}
        </p>
      </div>
      {banner}
      {note}
      {layout === 'columns' ? (
        <div className="xk-record-columns">
          <section aria-label={t('facts')}>{facts}</section>
          <section aria-label={t('timeline')}>{timeline}</section>
          <section aria-label={t('related')}>{related}</section>
        </div>
      ) : (
        <Tabs
          look="bar"
          label={title}
          tabs={(['facts', 'timeline', 'related'] as const).map((key) => ({ key, label: t(key) }))}
          value={tab}
          onChange={setTab}
        >
          <div className="xk-record-tab">{tab === 'facts' ? facts : tab === 'timeline' ? timeline : related}</div>
        </Tabs>
      )}
      {dayAt && (
        <Floating anchor={dayAt} onOutside={() => setDayAt(null)} label={t('as-of-label')}>
          <div className="xk-asof-box">
            <label htmlFor="as-of-day">{t('as-of-label')}</label>
            <input
              className="xk-plain-input"
              id="as-of-day"
              type="date"
              value={day ?? ''}
              max={new Date().toISOString().slice(0, 10)}
              onChange={(event) => {
                if (event.target.value === '' || Number(event.target.value.slice(0, 4)) < 1990) return;
                onDay(event.target.value);
              }}
            />
          </div>
        </Floating>
      )}
      {state.conflicts.length > 0 && (
        <Suspense fallback={null}>
          <ConflictDialog
            object={object}
            conflicts={state.conflicts}
            env={env}
            titleOf={() => title}
            onDone={(mine) => {
              state.dismissConflicts();
              if (mine.length > 0) void book.insist(mine);
            }}
          />
        </Suspense>
      )}
    </>
  );
  // In the bin: maybe it lives on as another.
  return <RecordShell nav={nav}>{row.deletedAt && gone && !day ? gone(content) : content}</RecordShell>;
}

function RecordShell({ nav, children }: { nav: ReactNode; children: ReactNode }) {
  return (
    <div className="xk-record">
      <div className="xk-record-nav">{nav}</div>
      {children}
    </div>
  );
}
