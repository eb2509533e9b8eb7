import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { AuditEntryView } from '../../../contract/audit.ts';
import { AUDIT_KINDS } from '../../../domain/audit/entry.ts';
import { call } from '../../api/client.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useAuditText } from './texts.ts';
import { bodyOf, useEntryWords } from './use-entry-words.ts';

interface Filter {
  actor: string;
  kind: '' | (typeof AUDIT_KINDS)[number];
  object: string;
  from: string;
  to: string;
}

const NONE: Filter = { actor: '', kind: '', object: '', from: '', to: '' };
const PAGE = 50;
const REFRESH_MS = 10_000;
const LOUD: readonly string[] = ['refused', 'sign-in-failed', 'export', 'permission'];

/** Midnight of a day, or of the one after it, where the reader is. */
function startOf(day: string, after = 0): string | undefined {
  if (day === '') return undefined;
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + after);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Entries newest first, narrowed to a person, a kind, an object or record, a time. */
export function EntryList({
  record,
  onOpen,
  onAll,
}: {
  record: string | undefined;
  onOpen: (leaf: number) => void;
  onAll: () => void;
}) {
  const t = useAuditText();
  const [filter, setFilter] = useState(NONE);
  const { actor, kind, object, from, to } = filter;
  const list = useInfiniteQuery({
    queryKey: ['audit', 'entries', filter, record],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ signal, pageParam }) =>
      call(api.audit.entries, {
        query: {
          ...(actor !== '' && { actor }),
          ...(kind !== '' && { kind }),
          ...(object !== '' && { object }),
          ...(record !== undefined && { record }),
          from: startOf(from),
          to: startOf(to, 1),
          before: pageParam,
          limit: PAGE,
        },
        signal,
      }),
    // What was just done is sealed a little later.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
    getNextPageParam: ({ entries }) => (entries.length === PAGE ? entries.at(-1)?.leaf : undefined),
  });
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Card>
      <Filters filter={filter} onChange={(change) => setFilter((now) => ({ ...now, ...change }))} />
      {record !== undefined && (
        <p>
          <Badge tone="brand">{t('of-record')}</Badge>{' '}
          <Button size="small" onClick={onAll}>
            {t('of-record-all')}
          </Button>
        </p>
      )}
      {list.error && !list.data ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton lines={10} />
      ) : entries.length === 0 ? (
        <EmptyState title={t('none')} hint={t('none-hint')} />
      ) : (
        <ul className="xk-audit-list">
          {entries.map((entry) => (
            <Line key={entry.leaf} entry={entry} onOpen={() => onOpen(entry.leaf)} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Card>
  );
}

function Line({ entry, onOpen }: { entry: AuditEntryView; onOpen: () => void }) {
  const t = useAuditText();
  const words = useEntryWords();
  const moment = useDateFormat({ dateStyle: 'short', timeStyle: 'medium' });
  const { call: endpoint } = bodyOf(entry);
  return (
    <li>
      <time className="xk-num xk-muted" dateTime={entry.at}>
        {moment.format(new Date(entry.at))}
      </time>
      <span>
        <Badge tone={LOUD.includes(entry.kind) ? 'warn' : 'plain'}>{t(`kind-${entry.kind}`)}</Badge>
      </span>
      <span className="xk-audit-what">
        <strong>{words.who(entry)}</strong> {words.did(entry)}
        {endpoint !== undefined && <code className="xk-audit-code xk-muted"> {endpoint}</code>}
      </span>
      <Button size="small" type="text" aria-label={t('open', { leaf: entry.leaf })} onClick={onOpen}>
        <span className="xk-num">#{entry.leaf}</span>
      </Button>
    </li>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }) {
  const t = useAuditText();
  const label = useLabel();
  const id = useId();
  const accounts = useAccounts();
  const { objects } = useCatalog();
  const select = (name: 'actor' | 'kind' | 'object', title: string, options: [value: string, text: string][]) => (
    <label htmlFor={`${id}-${name}`}>
      <span>{title}</span>
      <select
        id={`${id}-${name}`}
        className="xk-plain-input"
        value={filter[name]}
        onChange={({ target }) => onChange({ [name]: target.value })}
      >
        <option value="">{t('all')}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const day = (name: 'from' | 'to') => (
    <label htmlFor={`${id}-${name}`}>
      <span>{t(name)}</span>
      <input
        id={`${id}-${name}`}
        type="date"
        className="xk-plain-input"
        value={filter[name]}
        onChange={({ target }) => onChange({ [name]: target.value })}
      />
    </label>
  );
  return (
    <div className="xk-audit-filters">
      {select('actor', t('who'), [
        ...accounts.map((one): [string, string] => [`user:${one.id}`, one.name]),
        ['visitor', t('visitor')],
        ['system', t('system')],
        ['cli', t('cli')],
      ])}
      {select(
        'kind',
        t('kind'),
        AUDIT_KINDS.map((one) => [one, t(`kind-${one}`)]),
      )}
      {select(
        'object',
        t('object'),
        objects.filter(({ retired }) => !retired).map((one) => [one.name, label(one.label)]),
      )}
      {day('from')}
      {day('to')}
    </div>
  );
}
