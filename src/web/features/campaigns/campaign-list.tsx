import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { type Campaign, campaignKeys } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';
import './campaigns.css';

const LIVE: readonly Campaign['state'][] = ['sending', 'testing', 'scheduled', 'waiting'];

/** Campaigns, newest first, with how they go. */
export function CampaignList() {
  const t = useCampaignText();
  const { data, error, refetch } = useQuery({
    queryKey: campaignKeys.list,
    queryFn: ({ signal }) => call(api.campaigns.list, { signal }),
    staleTime: 0,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <Card>
      {!data.mail && !data.sms && <p className="xk-campaign-warn">{t('no-channel')}</p>}
      {data.campaigns.length === 0 && <EmptyState title={t('none')} hint={t('none-hint')} />}
      <ul className="xk-campaigns">
        {data.campaigns.map((one) => (
          <Line key={one.id} campaign={one} />
        ))}
      </ul>
    </Card>
  );
}

function Line({ campaign }: { campaign: Campaign }) {
  const t = useCampaignText();
  const moment = useDateFormat(DAY_AND_TIME);
  const { id, name, kind, state, figures, ownerName, problem, startAt } = campaign;
  const tone = problem !== null || state === 'paused' ? 'warn' : LIVE.includes(state) ? 'brand' : 'plain';
  return (
    <li>
      <Link to="/campaigns/$id" params={{ id }}>
        {name || t('unnamed')}
      </Link>
      <span className="xk-campaign-marks">
        {kind === 'sms' && <Badge>{t('sms')}</Badge>} <Badge tone={tone}>{t(`state-${state}`)}</Badge>
      </span>
      <small className="xk-muted">
        {t('by', { name: ownerName })} · {moment.format(new Date(campaign.startedAt ?? campaign.createdAt))}
        {state === 'scheduled' && startAt && ` · ${t('starts-at', { at: moment.format(new Date(startAt)) })}`}
      </small>
      {figures.sent > 0 && <small className="xk-num">{t('list-figures', { ...figures })}</small>}
      {problem !== null && <small className="xk-over">{problem}</small>}
    </li>
  );
}
