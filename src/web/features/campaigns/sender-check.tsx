import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { Skeleton } from '../../ui/page.tsx';
import { campaignKeys } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';

const MARKS = { good: '✓', weak: '!', bad: '✕', unknown: '?' } as const;

/** Whether receivers can tell that our letters are ours, in words with what to do. */
export function SenderCheck() {
  const t = useCampaignText();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [selector, setSelector] = useState('');
  const { data, isFetching, refetch } = useQuery({
    queryKey: campaignKeys.sender(selector),
    queryFn: ({ signal }) => call(api.campaigns.sender, { query: selector === '' ? {} : { selector }, signal }),
  });
  if (!data) return <Skeleton lines={4} />;
  if (data.from === null) return <p className="xk-campaign-warn">{t('sender-none')}</p>;
  return (
    <>
      <p className="xk-muted">{t('sender-of', { from: data.from })}</p>
      <ul className="xk-campaign-sender">
        {data.checks.map(({ state, code, record }) => (
          <li key={code} data-state={state}>
            <span aria-hidden="true">{MARKS[state]}</span>
            <span>
              {t(code, { record: record ?? '' })}
              {record !== null && state !== 'unknown' && !code.startsWith('dkim') && <code>{record}</code>}
            </span>
          </li>
        ))}
      </ul>
      <form
        className="xk-campaign-do"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === selector) void refetch();
          else setSelector(typed.trim());
        }}
      >
        <label htmlFor={id} className="xk-muted">
          {t('selector')}
        </label>
        <input
          id={id}
          className="xk-plain-input xk-campaign-selector"
          pattern="[A-Za-z0-9._\-]*"
          maxLength={63}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button size="small" htmlType="submit" loading={isFetching}>
          {t('sender-again')}
        </Button>
      </form>
    </>
  );
}
