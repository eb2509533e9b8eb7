import {
  CheckCircleOutlined,
  DeleteOutlined,
  EditOutlined,
  MergeOutlined,
  MessageOutlined,
  PlusCircleOutlined,
  RiseOutlined,
  UndoOutlined,
} from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../../contract/api.ts';
import type { historyEntrySchema } from '../../../../contract/records.ts';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { call } from '../../../api/client.ts';
import { keys, useCatalog } from '../../../api/query.ts';
import { FieldText } from '../../../fields/field-text.tsx';
import { type FormatEnv, formatMoment, formatValue } from '../../../fields/format.ts';
import { useFormatEnv } from '../../../fields/sources.ts';
import { useLabel } from '../../../i18n/core.ts';
import { EmptyState, Skeleton } from '../../../ui/page.tsx';
import type { Row } from '../block-store.ts';
import { RecordLink } from './record-link.tsx';
import { sourceWords } from './source-words.ts';
import { useRecordText } from './texts.ts';
import { EVERYTHING, type TimelineChoice, TimelineFilter } from './timeline-filter.tsx';

type Entry = z.output<typeof historyEntrySchema>;

/** What another feature adds to the timeline. */
export interface TimelineMark {
  key: string;
  /** ISO 8601. */
  at: string;
  node: ReactNode;
}

/** Everything that happened, newest first: interactions and other related records, changes, verifications. Nothing here can be edited. */
export function Timeline({
  object,
  id,
  asOf,
  env,
  marks = [],
}: {
  object: ObjectDef;
  id: string;
  asOf: string | undefined;
  env: FormatEnv;
  marks?: TimelineMark[] | undefined;
}) {
  const t = useRecordText();
  const catalog = useCatalog();
  const [choice, setChoice] = useState<TimelineChoice>(EVERYTHING);
  const { kinds, by } = choice;
  const timeline = useInfiniteQuery({
    queryKey: [...keys.record(object.name, id), 'timeline', asOf ?? 'now', kinds, by],
    initialPageParam: asOf,
    queryFn: ({ pageParam, signal }) =>
      call(api.records.timeline, {
        params: { object: object.name, id },
        query: { limit: 30, ...(pageParam && { before: pageParam }), ...(kinds && { kinds }), ...(by && { by }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });
  const titles = new Map(timeline.data?.pages.flatMap((page) => Object.entries(page.titles ?? {})));
  const entries = timeline.data?.pages.flatMap((page) => page.entries) ?? [];
  const filter = <TimelineFilter object={object} value={choice} onChange={setChoice} />;
  if (timeline.isPending)
    return (
      <>
        {filter}
        <Skeleton lines={6} />
      </>
    );
  const all = entries.map((entry) => ({
    key: `${entry.kind}${entry.row?.id ?? ''}${entry.entry?.changeSet ?? ''}${entry.entry?.kind ?? ''}${entry.at}`,
    at: entry.at,
    entry,
    mark: undefined,
  }));
  // A mark older than what is loaded waits for its place.
  const oldest = timeline.hasNextPage ? (entries.at(-1)?.at ?? '') : '';
  const everything = kinds === '' && by === '';
  const added = (everything ? marks : [])
    .filter((mark) => mark.at >= oldest)
    .map((mark) => ({ ...mark, entry: undefined, mark }));
  // At the same moment what is said of the whole comes before its parts.
  const shown = [...added, ...all].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
  if (shown.length === 0)
    return everything ? (
      <EmptyState title={t('timeline-empty')} hint={t('timeline-hint')} />
    ) : (
      <>
        {filter}
        <p className="xk-muted">{t('timeline-none')}</p>
      </>
    );
  let day = '';
  return (
    <div className="xk-timeline">
      {filter}
      <ol>
        {shown.map(({ key, at: moment, entry, mark }) => {
          const at = formatMoment(moment, env.timeZone);
          const first = at.slice(0, 10) !== day;
          day = at.slice(0, 10);
          const of = catalog.objects.find((one) => one.name === entry?.object);
          return (
            <li key={key}>
              {first && <h2 className="xk-timeline-day">{day}</h2>}
              {mark ? (
                <Line icon={<MergeOutlined />} tone="update" at={at}>
                  {mark.node}
                </Line>
              ) : entry?.row && of ? (
                <RelatedEntry object={of} row={entry.row} at={at} titles={titles} parent={id} />
              ) : entry?.entry ? (
                <ChangeEntry object={object} entry={entry.entry} at={at} env={env} />
              ) : null}
            </li>
          );
        })}
      </ol>
      {timeline.hasNextPage && (
        <Button block loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
          {t('load-more')}
        </Button>
      )}
    </div>
  );
}

function Line({ icon, tone, at, children }: { icon: ReactNode; tone: string; at: string; children: ReactNode }) {
  return (
    <div className="xk-event">
      <span className={`xk-event-icon xk-event-${tone}`} aria-hidden="true">
        {icon}
      </span>
      <div className="xk-event-body">{children}</div>
      <time className="xk-num">{at.slice(11)}</time>
    </div>
  );
}

function RelatedEntry({
  object,
  row,
  at,
  titles,
  parent,
}: {
  object: ObjectDef;
  row: Row;
  at: string;
  titles: Map<string, string>;
  parent: string;
}) {
  const label = useLabel();
  const env = useFormatEnv(object.fields, titles);
  const facts = object.fields.filter(
    (field) =>
      field.name !== object.title &&
      !field.retired &&
      row.values[field.name] !== parent &&
      field.type !== 'datetime' &&
      formatValue(row.values[field.name], field, env) !== '',
  );
  const title = String(row.values[object.title] ?? '');
  return (
    <Line
      icon={object.appendOnly ? <MessageOutlined /> : <PlusCircleOutlined />}
      tone={object.appendOnly ? 'talk' : 'record'}
      at={at}
    >
      <div className={object.appendOnly ? 'xk-event-note' : ''}>
        <span className="xk-event-kind">{label(object.label)}</span>
        {object.appendOnly ? (
          <p className="xk-longtext">{title}</p>
        ) : (
          <RecordLink object={object.name} id={row.id} title={title} />
        )}
        <div className="xk-event-facts">
          {facts.slice(0, 5).map((field) => (
            <span key={field.name}>
              <span className="xk-muted">{label(field.label)}</span>{' '}
              <FieldText field={field} value={row.values[field.name]} env={env} />
            </span>
          ))}
        </div>
      </div>
    </Line>
  );
}

const ICONS: Record<Entry['kind'], ReactNode> = {
  create: <PlusCircleOutlined />,
  update: <EditOutlined />,
  verify: <CheckCircleOutlined />,
  evidence: <RiseOutlined />,
  delete: <DeleteOutlined />,
  restore: <UndoOutlined />,
};

function ChangeEntry({ object, entry, at, env }: { object: ObjectDef; entry: Entry; at: string; env: FormatEnv }) {
  const t = useRecordText();
  const label = useLabel();
  const fieldOf = (name: string) => object.fields.find((field) => field.name === name);
  const names = entry.fields.map(({ field }) => label(fieldOf(field)?.label) || field).join(t('comma'));
  const words =
    entry.kind === 'evidence'
      ? t('kind-evidence', { what: label(entry.evidence?.label), fields: names })
      : entry.kind === 'update' || entry.kind === 'verify'
        ? t(`kind-${entry.kind}`, { fields: names })
        : t(`kind-${entry.kind}`);
  // What follows from a call that was logged says who called beside it.
  const silent = entry.kind === 'evidence' && entry.actor === 'system';
  return (
    <Line icon={ICONS[entry.kind]} tone={entry.kind} at={at}>
      <div>
        {!silent && <strong>{entry.actorName ?? (entry.actor === 'system' ? t('by-system') : entry.actor)}</strong>}{' '}
        {words}
        {entry.source !== 'page' && !silent && (
          <span className="xk-muted"> · {t('by-source', { source: sourceWords(entry.source, t) })}</span>
        )}
      </div>
      {entry.reason && <div className="xk-muted">{t('reason', { reason: entry.reason })}</div>}
      {entry.kind === 'update' && (
        <ul className="xk-event-diff">
          {entry.fields.slice(0, 8).map(({ field, before, after }) => {
            const def = fieldOf(field);
            if (!def) return null;
            const [old, next] = [formatValue(before, def, env), formatValue(after, def, env)];
            return (
              <li key={field}>
                {entry.fields.length > 1 && <span className="xk-muted">{label(def.label)} </span>}
                {old !== '' && <del>{old}</del>} {old !== '' && next !== '' && <span aria-hidden="true">→</span>}{' '}
                {next !== '' && <ins>{next}</ins>}
              </li>
            );
          })}
        </ul>
      )}
    </Line>
  );
}
