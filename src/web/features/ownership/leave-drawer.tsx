import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { LeavingView } from '../../../contract/ownership.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useNoun, useText } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { HowShared } from './how-shared.tsx';
import { PeopleBoxes } from './people-boxes.tsx';
import { useOwnershipText } from './texts.ts';
import './ownership.css';

/** Somebody leaves: what ends, what goes to whom, seen before it is done. */
export function LeaveDrawer({ account, name, onClose }: { account: string; name: string; onClose(): void }) {
  const t = useOwnershipText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const id = useId();
  const [to, setTo] = useState<string[]>([]);
  const [how, setHow] = useState({ by: 'load' as 'even' | 'load', territories: false });
  const [reason, setReason] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['ownership', 'leaving', account],
    queryFn: ({ signal }) => call(api.ownership.leaving, { params: { id: account }, signal }),
    staleTime: 0,
  });
  const leave = useMutation({
    mutationFn: () =>
      call(api.ownership.leave, {
        params: { id: account },
        body: { to, ...how, ...(reason.trim() && { reason: reason.trim() }) },
      }),
    onSuccess: () => {
      toasts.success(t('begun', { name }));
      void client.invalidateQueries({ queryKey: keys.accounts });
      void client.invalidateQueries({ queryKey: ['ownership'] });
      onClose();
    },
  });
  const total = data?.objects.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return (
    <Drawer
      open
      size={480}
      title={t('leave-of', { name })}
      onClose={onClose}
      footer={
        <div className="xk-own-foot">
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button
            type="primary"
            danger
            loading={leave.isPending}
            disabled={!data || to.length === 0}
            onClick={() => leave.mutate()}
          >
            {total > 0 ? t('go', { n: total.toLocaleString() }) : t('go-none')}
          </Button>
        </div>
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} />}
      {data && (
        <div className="xk-own">
          <p className="xk-muted">{t('leave-hint', { name })}</p>
          <Leaving data={data} />
          <PeopleBoxes legend={t('to')} hint={t('to-hint')} chosen={to} without={account} onChange={setTo} />
          <HowShared ways={LEAVING_WAYS} {...how} onChange={(next) => setHow({ ...how, ...next })} />
          <p className="xk-muted">{t('follow')}</p>
          <div className="xk-form-row">
            <label htmlFor={id}>{t('reason')}</label>
            <input
              id={id}
              className="xk-plain-input"
              maxLength={500}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          </div>
          {leave.error && <Alert type="error" showIcon title={sentence(leave.error)} />}
        </div>
      )}
    </Drawer>
  );
}

const LEAVING_WAYS = ['load', 'even'] as const;
const ENDS = ['sessions', 'keys', 'apps', 'links', 'files', 'sharedWith', 'requests'] as const;

function Leaving({ data }: { data: LeavingView }) {
  const t = useOwnershipText();
  const noun = useNoun();
  const ends = ENDS.filter((what) => data.ends[what] > 0);
  return (
    <>
      <h2>{t('objects')}</h2>
      {data.objects.length === 0 ? (
        <p className="xk-muted">{t('objects-none')}</p>
      ) : (
        <>
          <ul className="xk-own-list">
            {data.objects.map(({ object, label, count }) => (
              <li key={object}>
                {noun(label)} <strong className="xk-num">{count.toLocaleString()}</strong>
              </li>
            ))}
          </ul>
          <p className="xk-muted">{t('with-them', { checks: data.checks, proposals: data.proposals })}</p>
        </>
      )}
      <h2>{t('ends')}</h2>
      {ends.length === 0 ? (
        <p className="xk-muted">{t('ends-none')}</p>
      ) : (
        <ul className="xk-own-list">
          {ends.map((what) => (
            <li key={what}>{t(`ends-${what}`, { n: data.ends[what] })}</li>
          ))}
        </ul>
      )}
      {data.manages.length > 0 && <p>{t('manages', { names: data.manages.join(t('comma')) })}</p>}
      {data.decides > 0 && <p>{t('decides', { n: data.decides })}</p>}
    </>
  );
}
