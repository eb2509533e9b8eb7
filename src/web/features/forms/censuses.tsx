import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { CensusView } from '../../../contract/forms.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { CensusTools } from './census-dialog.tsx';
import { formKeys } from './forms-api.ts';
import { useFormsText } from './texts.ts';
import './forms.css';

const CensusDialog = lazy(async () => ({ default: (await import('./census-dialog.tsx')).CensusDialog }));

/** Rounds in which customers check and complete their details, with how far each is. @param people each one's requests, from where they are shown */
export function Censuses({ tools, people }: { tools: CensusTools; people(census: string): ReactNode }) {
  const t = useFormsText();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: formKeys.censuses,
    queryFn: ({ signal }) => call(api.forms.censuses, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.censuses.some((one) => one.state === 'sending') ? 3_000 : false),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t('census-add')}
    </Button>
  );
  return (
    <Card {...(data.censuses.length > 0 && { title: t('tab-census'), extra: add })}>
      {data.censuses.length === 0 && <EmptyState title={t('census-none')} hint={t('census-none-hint')} action={add} />}
      <ul className="xk-censuses">
        {data.censuses.map((census) => (
          <Round key={census.id} census={census} people={people} />
        ))}
      </ul>
      {adding && (
        <Suspense fallback={null}>
          <CensusDialog tools={tools} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Card>
  );
}

function Round({ census, people }: { census: CensusView; people(census: string): ReactNode }) {
  const t = useFormsText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const [open, setOpen] = useState(false);
  const stop = useMutation({
    mutationFn: () => call(api.forms.stopCensus, { params: { id: census.id } }),
    onSuccess: () => toasts.success(t('census-stopped')),
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: formKeys.censuses }),
  });
  const { name, total, asked, opened, answered, left } = census;
  return (
    <li>
      <div className="xk-submission-head">
        <strong>{name}</strong>
        <Badge tone={census.state === 'stopped' ? 'plain' : 'brand'}>{t(`c-${census.state}`)}</Badge>
        <span className="xk-muted">
          {t('census-line', { by: census.madeByName, due: day.format(new Date(census.dueAt)) })}
        </span>
      </div>
      <progress aria-label={t('census-bar', { name })} max={Math.max(1, total)} value={answered} />
      <p>
        {t('census-progress', { total, asked, opened: opened + answered, answered })}
        {left > 0 && <span className="xk-muted"> · {t('census-left', { n: left })}</span>}
      </p>
      <p className="xk-muted">{census.fields.map((one) => label(one.label)).join('、')}</p>
      <p className="xk-form-actions">
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('census-people')}
        </Button>
        {census.state !== 'stopped' && (
          <Button size="small" type="text" danger loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('census-stop')}
          </Button>
        )}
      </p>
      {open && people(census.id)}
    </li>
  );
}
