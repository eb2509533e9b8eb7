import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Segment } from '../../../contract/campaigns.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog, useSession } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Choice } from '../../ui/form-parts.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { campaignKeys, type FilterEditor, type FilterWords, reachable, useSegments } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';
import './campaigns.css';

/** Saved views that have a condition, with how many are in each now. */
export function SegmentList({ Editor, Words }: { Editor: FilterEditor; Words: FilterWords }) {
  const t = useCampaignText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { account } = useSession();
  const { objects } = useCatalog();
  const { data: all, error, refetch } = useSegments();
  // Orders and the like have views too, and nobody who could be written to.
  const possible = [...reachable(objects, 'mail'), ...reachable(objects, 'sms')];
  const data = all?.filter((one) => possible.some(({ name }) => name === one.object));
  const [adding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (id: string) => call(api.catalog.deleteView, { params: { id } }),
    onSuccess: () => toasts.success(t('segment-removed')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () =>
      Promise.all([campaignKeys.segments, ['views']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <Card
      extra={
        !adding && (
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('segment-new')}
          </Button>
        )
      }
      title={t('tab-segments')}
    >
      <p className="xk-muted">{t('segments-hint')}</p>
      {adding && (
        <NewSegment possible={possible.map(({ name }) => name)} Editor={Editor} onDone={() => setAdding(false)} />
      )}
      {data.length === 0 && !adding && <EmptyState title={t('segment-none')} />}
      <ul className="xk-campaigns">
        {data.map((segment) => {
          const object = objects.find((one) => one.name === segment.object);
          const name = segment.label ? label(segment.label) : segment.name;
          const mine = segment.owner === account.id;
          return (
            <li key={segment.id}>
              <span>
                <strong>{name}</strong>{' '}
                <small className="xk-muted">
                  {label(object?.label)} · <Size count={segment.count} />
                </small>
              </span>
              <span className="xk-campaign-marks">
                {mine && !segment.shared && <Badge>{t('segment-mine')}</Badge>}
                {(mine || (account.role === 'admin' && segment.owner !== null)) && (
                  <Button
                    size="small"
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t('segment-remove', { name })}
                    onClick={() => remove.mutate(segment.id)}
                  />
                )}
              </span>
              {object && (
                <small>
                  <Words object={object} filter={segment.filter} />
                </small>
              )}
              <span className="xk-campaign-go">
                <Link to="/o/$object" params={{ object: segment.object }} search={{ view: segment.id }}>
                  {t('segment-open')}
                </Link>
                <Link
                  to="/campaigns/$id"
                  params={{ id: 'new' }}
                  search={{ segment: segment.id }}
                  aria-label={t('segment-use-of', { name })}
                >
                  {t('segment-use')}
                </Link>
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

export function Size({ count }: { count: Segment['count'] }) {
  const t = useCampaignText();
  if (!count) return <>{t('people-unknown')}</>;
  return <span className="xk-num">{t(count.exact ? 'people' : 'people-more', { n: count.value })}</span>;
}

function NewSegment({
  possible,
  Editor,
  onDone,
}: {
  /** Names of objects. */
  possible: readonly string[];
  Editor: FilterEditor;
  onDone(): void;
}) {
  const t = useCampaignText();
  const label = useLabel();
  const id = useId();
  const toasts = useToasts();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const [name, setName] = useState('');
  const [object, setObject] = useState('customer');
  const [filter, setFilter] = useState<Filter>();
  const [shared, setShared] = useState(false);
  const of = objects.find((one) => one.name === object);
  const save = useMutation({
    mutationFn: () =>
      call(api.catalog.createView, {
        body: { object, name: name.trim(), shared, definition: { columns: [], ...(filter && { filter }) } },
      }),
    onSuccess: () => {
      toasts.success(t('segment-saved'));
      onDone();
    },
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () =>
      Promise.all([campaignKeys.segments, ['views']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  return (
    <form
      className="xk-campaign-part"
      onSubmit={(event) => {
        event.preventDefault();
        if (filter) save.mutate();
        else toasts.error(t('segment-empty'));
      }}
    >
      <div className="xk-form-row">
        <label htmlFor={`${id}n`}>{t('segment-name')}</label>
        <input
          id={`${id}n`}
          className="xk-plain-input"
          required
          maxLength={60}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <Choice
        label={t('segment-object')}
        value={object}
        options={objects.filter(({ name: is }) => possible.includes(is)).map((one) => [one.name, label(one.plural)])}
        onChange={(next) => {
          setObject(next);
          setFilter(undefined);
        }}
      />
      {of && <Editor object={of} own={false} label={t('segment-conditions')} filter={filter} onChange={setFilter} />}
      <label className="xk-check">
        <input type="checkbox" checked={shared} onChange={({ target }) => setShared(target.checked)} />
        {t('segment-shared')}
      </label>
      <div className="xk-campaign-do">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('segment-save')}
        </Button>
        <Button onClick={onDone}>{t('send-no')}</Button>
      </div>
    </form>
  );
}
