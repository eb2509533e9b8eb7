import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import type { AccessRequest } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { accessKeys } from './access-api.ts';
import { useAccessText } from './texts.ts';
import './access.css';

/** What people ask to see, for those who may decide; and what one asked oneself. */
export function RequestList() {
  const t = useAccessText();
  const { data, error, refetch } = useQuery({
    queryKey: accessKeys.requests,
    queryFn: ({ signal }) => call(api.access.requests, { signal }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.requests.length === 0) return <EmptyState title={t('no-requests')} hint={t('no-requests-hint')} />;
  return (
    <section className="xk-card">
      <ul className="xk-access-people">
        {data.requests.map((request) => (
          <RequestLine key={request.id} request={request} />
        ))}
      </ul>
    </section>
  );
}

function RequestLine({ request }: { request: AccessRequest }) {
  const t = useAccessText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const id = useId();
  const [days, setDays] = useState(7);
  const decide = useMutation({
    mutationFn: (grant: boolean) =>
      call(api.access.decide, { params: { id: request.id }, body: { grant, ...(grant && { days }) } }),
    onSuccess: () => toasts.success(t('decided')),
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: accessKeys.requests }),
  });
  const { mine, state, until, name, title, reason } = request;
  const words = { name, title, field: label(request.label) };
  return (
    <li>
      <span className="xk-access-what">
        {mine ? t('mine', words) : t('wants', words)}
        {reason && <small className="xk-muted">{reason}</small>}
      </span>
      {mine || state !== 'open' ? (
        <Badge tone={state === 'granted' ? 'brand' : 'plain'}>
          {state === 'granted' ? t('granted', { day: until ? day.format(new Date(until)) : '' }) : t(state)}
        </Badge>
      ) : (
        <span className="xk-access-do">
          <label htmlFor={id}>{t('days')}</label>
          <input
            id={id}
            type="number"
            className="xk-plain-input xk-small-input"
            min={1}
            max={366}
            value={days}
            onChange={({ target }) => setDays(Math.min(366, Math.max(1, target.valueAsNumber || 1)))}
          />
          <Button size="small" type="primary" onClick={() => decide.mutate(true)}>
            {t('grant')}
          </Button>
          <Button size="small" onClick={() => decide.mutate(false)}>
            {t('refuse')}
          </Button>
        </span>
      )}
    </li>
  );
}
