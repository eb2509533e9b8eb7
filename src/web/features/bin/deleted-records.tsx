import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useAccounts, useCatalog } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useDoneToast } from '../../api/use-undo.tsx';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useBinText } from './texts.ts';

const pageSize = 50;

/** What was deleted, newest first, per object; restored one by one or together. */
export function DeletedRecords() {
  const t = useBinText();
  const label = useLabel();
  const objects = useCatalog().objects.filter((object) => !object.retired);
  const [name, setName] = useState('customer');
  const object = objects.find((one) => one.name === name) ?? objects[0];
  if (!object) return null;
  return (
    <>
      <div className="xk-bin-tools">
        <select
          className="xk-plain-input"
          aria-label={t('object')}
          value={object.name}
          onChange={(event) => setName(event.target.value)}
        >
          {objects.map((one) => (
            <option key={one.name} value={one.name}>
              {label(one.plural ?? one.label)}
            </option>
          ))}
        </select>
      </div>
      <DeletedOf key={object.name} object={object} />
    </>
  );
}

function DeletedOf({ object }: { object: ObjectDef }) {
  const t = useBinText();
  const label = useLabel();
  const accounts = useAccounts();
  const toasts = useToasts();
  const done = useDoneToast();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const queryKey = [...keys.records(object.name), 'deleted'];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      call(api.records.query, {
        body: {
          object: object.name,
          fields: [object.title],
          deleted: true,
          sort: [{ field: '$updated_at', dir: 'desc' }],
          page: { limit: pageSize, ...(pageParam && { after: pageParam }) },
          count: 'none',
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const restore = useMutation({
    mutationFn: (ids: string[]) =>
      call(api.records.write, {
        body: { changes: ids.map((id) => ({ op: 'restore' as const, object: object.name, id })), atomic: false },
      }),
    onSuccess: (reply) => {
      const bad = reply.outcomes.filter((outcome) => outcome.status === 'rejected' || outcome.status === 'conflict');
      const good = reply.outcomes.length - bad.length;
      if (good > 0) done(t('restored', { n: good }), reply.changeSet);
      if (bad.length > 0)
        toasts.error(
          t('not-restored', { n: bad.length, message: bad[0]?.issues?.[0]?.message ?? bad[0]?.status ?? '' }),
        );
      setChosen(new Set());
      void queryClient.invalidateQueries({ queryKey: keys.records(object.name) });
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const when = useDateFormat(DAY_AND_TIME);
  if (list.error && !list.data) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={8} />;
  const rows = list.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0)
    return (
      <EmptyState
        title={t('deleted-none')}
        hint={t('deleted-none-hint', { object: label(object.plural ?? object.label) })}
      />
    );
  const titleOf = (row: (typeof rows)[number]) => String(row.values[object.title] ?? '') || t('untitled');
  const nameOf = (actor: string) => accounts.find((one) => one.id === actor.replace(/^user:/, ''))?.name;
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <section className="xk-card">
      <div className="xk-bin-bulk">
        <label className="xk-check">
          <input
            type="checkbox"
            ref={(box) => {
              if (box) box.indeterminate = chosen.size > 0 && chosen.size < rows.length;
            }}
            checked={chosen.size === rows.length}
            onChange={(event) => setChosen(new Set(event.target.checked ? rows.map((row) => row.id) : []))}
          />
          {t('select-all')}
        </label>
        <Button
          type="primary"
          disabled={chosen.size === 0}
          loading={restore.isPending}
          onClick={() => restore.mutate([...chosen])}
        >
          {t('restore-n', { n: chosen.size })}
        </Button>
      </div>
      <ul className="xk-bin-list">
        {rows.map((row) => {
          const by = nameOf(row.updatedBy);
          return (
            <li key={row.id}>
              <input
                type="checkbox"
                className="xk-box"
                aria-label={t('select', { title: titleOf(row) })}
                checked={chosen.has(row.id)}
                onChange={(event) => toggle(row.id, event.target.checked)}
              />
              <Link to="/o/$object/$id" params={{ object: object.name, id: row.id }}>
                {titleOf(row)}
              </Link>
              <span className="xk-muted">
                {row.deletedAt && t('deleted-at', { time: when.format(new Date(row.deletedAt)) })}
                {by && ` · ${t('deleted-by', { name: by })}`}
              </span>
              <Button size="small" disabled={restore.isPending} onClick={() => restore.mutate([row.id])}>
                {t('restore')}
              </Button>
            </li>
          );
        })}
      </ul>
      {list.hasNextPage && (
        <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('load-more')}
        </Button>
      )}
    </section>
  );
}
