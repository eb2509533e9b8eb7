import { SearchOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { PoolSettings } from '../../../contract/pool.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { FieldText } from '../../fields/field-text.tsx';
import { formatValue } from '../../fields/format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { poolKeys } from './pool-api.ts';
import { usePoolText } from './texts.ts';

/** What can be taken, object by object. */
export function PoolList({ pools }: { pools: PoolSettings[] }) {
  const t = usePoolText();
  const label = useLabel();
  const { objects } = useCatalog();
  const open = pools.flatMap((pool) => {
    const object = objects.find(({ name, owner, retired }) => name === pool.object && owner && !retired);
    return object ? [{ pool, object }] : [];
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const now = open.find(({ object }) => object.name === chosen) ?? open[0];
  if (!now) return <EmptyState title={t('empty')} hint={t('empty-hint')} />;
  return (
    <>
      {open.length > 1 && (
        <fieldset className="xk-pool-objects">
          <legend className="xk-visually-hidden">{t('object')}</legend>
          {open.map(({ object }) => (
            <Button
              key={object.name}
              size="small"
              type={object === now.object ? 'primary' : 'default'}
              aria-pressed={object === now.object}
              onClick={() => setChosen(object.name)}
            >
              {label(object.label)}
            </Button>
          ))}
        </fieldset>
      )}
      <PoolOf key={now.object.name} object={now.object} pool={now.pool} />
    </>
  );
}

function PoolOf({ object, pool }: { object: ObjectDef; pool: PoolSettings }) {
  const t = usePoolText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [mine, setMine] = useState<readonly string[]>([]);
  const q = useDeferredValue(text.trim());
  const found = useInfiniteQuery({
    queryKey: poolKeys.list(object.name, q),
    queryFn: ({ signal, pageParam }) =>
      call(api.pool.list, {
        params: { object: object.name },
        query: { ...(q && { q }), ...(pageParam && { after: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const pages = found.data?.pages ?? [];
  const titles = new Map(pages.flatMap((page) => Object.entries(page.titles)));
  const env = useFormatEnv(object.fields, titles);
  const take = useMutation({
    mutationFn: ({ id }: { id: string; name: string }) =>
      call(api.pool.take, { body: { object: object.name, record: id } }),
    onSuccess: (_, { id, name }) => {
      toasts.success(t('taken-done', { name }));
      setMine((all) => [...all, id]);
      void client.invalidateQueries({ queryKey: keys.records(object.name) });
    },
    onError: (problem) => {
      toasts.error(sentence(problem));
      void found.refetch();
    },
  });
  const [first] = pages;
  if (found.error && !first) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  const [owned, taken] = [(first?.owned ?? 0) + mine.length, (first?.taken ?? 0) + mine.length];
  const rows = pages.flatMap((page) => page.rows);
  const fields = (first?.fields ?? []).flatMap((name) => object.fields.find((field) => field.name === name) ?? []);
  return (
    <section className="xk-card xk-pool">
      <div className="xk-pool-head">
        <Input
          allowClear
          prefix={<SearchOutlined />}
          aria-label={t('search')}
          placeholder={t('search')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        {first && (
          <p className="xk-muted">
            {t('count', { n: first.count })} ·{' '}
            {pool.mostOwned > 0 ? t('owned-of', { n: owned, most: pool.mostOwned }) : t('owned', { n: owned })} ·{' '}
            {pool.perDay > 0 ? t('taken-of', { n: taken, most: pool.perDay }) : t('taken', { n: taken })}
          </p>
        )}
      </div>
      {found.isPending && <Skeleton lines={8} />}
      {first && rows.length === 0 && (
        <EmptyState title={t(q ? 'none-found' : 'empty')} hint={q ? '' : t('empty-hint')} />
      )}
      <ul className="xk-pool-list">
        {rows.map(({ id, values }) => {
          const name = String(values[object.title] ?? '');
          const facts = fields.filter(
            (field) => field.name !== object.title && formatValue(values[field.name] as FieldValue, field, env) !== '',
          );
          return (
            <li key={id}>
              <div>
                <strong>{name}</strong>
                <span className="xk-pool-facts">
                  {facts.map((field) => (
                    <FieldText
                      key={field.name}
                      field={field}
                      value={values[field.name] as FieldValue}
                      env={env}
                      link={false}
                    />
                  ))}
                </span>
              </div>
              {mine.includes(id) ? (
                <Link to="/o/$object/$id" params={{ object: object.name, id }}>
                  {t('open')}
                </Link>
              ) : (
                <Button
                  size="small"
                  aria-label={t('take-name', { name })}
                  loading={take.isPending && take.variables.id === id}
                  onClick={() => take.mutate({ id, name })}
                >
                  {t('take')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {rows.length > 0 && <p className="xk-muted">{t('masked')}</p>}
    </section>
  );
}
