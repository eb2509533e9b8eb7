import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { SubjectRequest } from '../../../contract/subjects.ts';
import { call, download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { DAY, privacyKeys } from './privacy-api.ts';
import type { Person } from './privacy-page.tsx';
import { usePrivacyText } from './texts/texts.ts';

const STATES = ['open', 'checking', 'working', 'done', 'refused'] as const;
const isOpen = ({ state }: SubjectRequest) => state !== 'done' && state !== 'refused';

/** What people asked for, next due first. */
export function Requests({ onOpen }: { onOpen(person: Person): void }) {
  const t = usePrivacyText();
  const { data, error, refetch } = useQuery({
    queryKey: [...privacyKeys.all, 'requests'],
    queryFn: async ({ signal }) => (await call(api.subjects.requests, { signal })).requests,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.length === 0) return <EmptyState title={t('requests-none')} hint={t('requests-none-hint')} />;
  const closed = data.filter((one) => !isOpen(one));
  return (
    <>
      {data.some(isOpen) && (
        <Card>
          <ul className="xk-privacy-list">
            {data.filter(isOpen).map((request) => (
              <RequestLine key={request.id} request={request} onOpen={onOpen} />
            ))}
          </ul>
        </Card>
      )}
      {closed.length > 0 && (
        <Card title={t('closed')}>
          <ul className="xk-privacy-list">
            {closed.map((request) => (
              <RequestLine key={request.id} request={request} onOpen={onOpen} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

/** One request with what can be done about it. */
export function RequestLine({ request, onOpen }: { request: SubjectRequest; onOpen?: (person: Person) => void }) {
  const t = usePrivacyText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const { objects } = useCatalog();
  const move = useMutation({
    mutationFn: (body: { state?: SubjectRequest['state']; extend?: boolean }) =>
      call(api.subjects.updateRequest, { params: { id: request.id }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: privacyKeys.all }),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const copy = useMutation({
    mutationFn: (format: 'json' | 'csv') =>
      download(api.subjects.subjectCopy, { params: { id: request.id }, query: { format } }, `subject.${format}`),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const { title, daysLeft } = request;
  const open = isOpen(request);
  const due =
    daysLeft === null
      ? null
      : daysLeft < 0
        ? t('overdue', { n: -daysLeft })
        : daysLeft === 0
          ? t('due-today')
          : t('due-in', { n: daysLeft });
  const object = label(objects.find((one) => one.name === request.object)?.label);
  return (
    <li>
      <span className="xk-privacy-what">
        <strong>{t(`req-${request.kind}`)}</strong> · {title ?? t('erased-person')}
        <span className="xk-muted">
          {' · '}
          {object} · {t(`law-${request.law}`)}
        </span>
        <br />
        {due && <Badge tone={daysLeft !== null && daysLeft <= 5 ? 'warn' : 'plain'}>{due}</Badge>}{' '}
        <span className="xk-muted">
          {open
            ? t('due-on', { day: day.format(new Date(`${request.dueOn}T00:00:00Z`)) })
            : request.closedAt && day.format(new Date(request.closedAt))}
          {request.extended && ` · ${t('extended')}`}
          {request.note && ` · ${request.note}`}
        </span>
      </span>
      <span className="xk-privacy-do">
        {open ? (
          <select
            className="xk-plain-input"
            aria-label={t('move-to')}
            value={request.state}
            disabled={move.isPending}
            onChange={(event) => move.mutate({ state: STATES.find((one) => one === event.target.value) ?? 'open' })}
          >
            {STATES.map((state) => (
              <option key={state} value={state}>
                {t(`state-${state}`)}
              </option>
            ))}
          </select>
        ) : (
          <Badge>{t(`state-${request.state}`)}</Badge>
        )}
        {open && title !== null && !request.extended && (
          <Button size="small" onClick={() => move.mutate({ extend: true })}>
            {t('extend')}
          </Button>
        )}
        {open && title !== null && (request.kind === 'copy' || request.kind === 'port') && (
          <>
            <Button size="small" loading={copy.isPending} onClick={() => copy.mutate('json')}>
              {t('copy-json')}
            </Button>
            <Button size="small" loading={copy.isPending} onClick={() => copy.mutate('csv')}>
              {t('copy-csv')}
            </Button>
          </>
        )}
        {onOpen && open && title !== null && (
          <Button
            size="small"
            danger={request.kind === 'delete'}
            onClick={() => onOpen({ object: request.object, id: request.record, request: request.id })}
          >
            {t(request.kind === 'delete' ? 'erase-now' : 'open-person')}
          </Button>
        )}
      </span>
    </li>
  );
}
