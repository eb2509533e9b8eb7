import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { type CampaignRecipient, LEFT_OUT, WHICH } from '../../../contract/campaigns.ts';
import { call } from '../../api/client.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Choice } from '../../ui/form-parts.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { campaignKeys } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';

type Which = (typeof WHICH)[number];
const OFFERED: readonly Which[] = [
  'all',
  'sent',
  'opened',
  'clicked',
  'unsubscribed',
  'bounced',
  'excluded',
  'held',
  'failed',
  'uncertain',
];

/** Whom it went to and what each did, or why he got nothing. */
export function Recipients({ id, start, counts }: { id: string; start: Which; counts: Record<string, number> }) {
  const t = useCampaignText();
  const [which, setWhich] = useState<Which>(start);
  const stamp = JSON.stringify(counts);
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...campaignKeys.one(id), 'recipients', which, stamp],
    queryFn: ({ pageParam, signal }) =>
      call(api.campaigns.recipients, {
        params: { id },
        query: { which, ...(pageParam !== '' && { after: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const people = data?.pages.flatMap(({ recipients }) => recipients);
  return (
    <div className="xk-campaign-people">
      <Choice
        label={t('which')}
        value={which}
        options={OFFERED.map((one) => [one, t(`which-${one}`)])}
        onChange={(next) => setWhich(WHICH.find((one) => one === next) ?? 'all')}
      />
      {!people && <Skeleton lines={3} />}
      {people?.length === 0 && <p className="xk-muted">{t('nobody-here')}</p>}
      <ul>
        {people?.map((one) => (
          <Person key={one.id} person={one} />
        ))}
      </ul>
      {hasNextPage && (
        <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}

function Person({ person }: { person: CampaignRecipient }) {
  const t = useCampaignText();
  const moment = useDateFormat(DAY_AND_TIME);
  const at = (when: string | null) => (when === null ? '' : moment.format(new Date(when)));
  const reason = LEFT_OUT.find((one) => one === person.reason);
  const did = [
    reason ? t(`out-${reason}`) : t(`which-${person.state}`),
    person.sentAt && at(person.sentAt),
    person.openedAt && `${t('at-opened')} ${at(person.openedAt)}`,
    person.clickedAt && `${t('at-clicked')} ${at(person.clickedAt)}`,
    person.unsubscribedAt && `${t('at-unsubscribed')} ${at(person.unsubscribedAt)}`,
    person.bouncedAt && t('at-bounced', { code: person.bounce ?? '' }),
  ].filter(Boolean);
  return (
    <li>
      {person.title === null ? (
        <span className="xk-muted">{t('unseen')}</span>
      ) : (
        <Link to="/o/$object/$id" params={{ object: person.object, id: person.record }}>
          {person.title || '—'}
        </Link>
      )}
      {person.variant && <span className="xk-muted"> {person.variant.toUpperCase()}</span>}{' '}
      <small className="xk-muted">{did.join(' · ')}</small>
    </li>
  );
}
