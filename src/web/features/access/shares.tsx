import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useSession } from '../../api/query.ts';
import { DAY, useDateFormat } from '../../api/use-date-format.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useRecordAccessText } from './record-texts.ts';

/** With whom a record is shared until when; only for those who may share it. */
export function Shares({ object, id }: { object: string; id: string }) {
  const t = useRecordAccessText();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const { account } = useSession();
  const [with_, setWith] = useState('');
  const [edit, setEdit] = useState(false);
  const [days, setDays] = useState(14);
  const field = useId();
  const params = { object, id };
  const queryKey = [...keys.record(object, id), 'shares'];
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => call(api.access.shares, { params, signal }) });
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  };
  const share = useMutation({
    mutationFn: () => {
      const [kind, who = ''] = with_.split(' ');
      const to = kind === 'team' ? { account: null, team: who } : { account: who, team: null };
      return call(api.access.share, { params, body: { ...to, edit, days } });
    },
    onSuccess: () => {
      toasts.success(t('shared'));
      setWith('');
    },
    ...shared,
  });
  const end = useMutation({
    mutationFn: (one: string) => call(api.access.unshare, { params: { ...params, share: one } }),
    ...shared,
  });
  if (!data?.may) return null;
  return (
    <section>
      <h3>{t('shares')}</h3>
      {data.shares.length === 0 && <p className="xk-muted">{t('shares-none')}</p>}
      <ul className="xk-access-people">
        {data.shares.map((one) => (
          <li key={one.id}>
            <span className="xk-access-what">
              {t('share-line', {
                name: one.name,
                level: t(one.edit ? 'level-edit' : 'level-read'),
                day: day.format(new Date(one.until)),
              })}
            </span>
            <Button size="small" aria-label={t('end-name', { name: one.name })} onClick={() => end.mutate(one.id)}>
              {t('end')}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className="xk-access-preview"
        onSubmit={(event) => {
          event.preventDefault();
          if (with_ !== '') share.mutate();
        }}
      >
        <label htmlFor={`${field}who`}>
          <span>{t('share-with')}</span>
          <select
            id={`${field}who`}
            className="xk-plain-input"
            value={with_}
            onChange={({ target }) => setWith(target.value)}
          >
            <option value="">—</option>
            <optgroup label={t('people')}>
              {data.people
                .filter((one) => one.id !== account.id)
                .map((one) => (
                  <option key={one.id} value={`person ${one.id}`}>
                    {one.name}
                  </option>
                ))}
            </optgroup>
            {data.teams.length > 0 && (
              <optgroup label={t('teams')}>
                {data.teams.map((one) => (
                  <option key={one.id} value={`team ${one.id}`}>
                    {one.name}
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </label>
        <label htmlFor={`${field}days`}>
          <span>{t('share-days')}</span>
          <input
            id={`${field}days`}
            type="number"
            className="xk-plain-input xk-small-input"
            min={1}
            max={366}
            value={days}
            onChange={({ target }) => setDays(Math.min(366, Math.max(1, target.valueAsNumber || 1)))}
          />
        </label>
        <label className="xk-check">
          <input type="checkbox" checked={edit} onChange={({ target }) => setEdit(target.checked)} />
          <span>{t('share-edit')}</span>
        </label>
        <Button type="primary" htmlType="submit" disabled={with_ === ''} loading={share.isPending}>
          {t('share')}
        </Button>
        <div>
          <small className="xk-muted">{t('share-hint')}</small>
        </div>
      </form>
    </section>
  );
}
