import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useMay } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { campaignKeys } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';
import './campaigns.css';

/** Letters and texts of campaigns that one record got, newest first. */
export function LettersDrawer({
  object,
  id,
  title,
  onClose,
}: {
  object: string;
  id: string;
  title: string;
  onClose(): void;
}) {
  const t = useCampaignText();
  const may = useMay('campaigns');
  const moment = useDateFormat(DAY_AND_TIME);
  const { data, error, refetch } = useQuery({
    queryKey: [...campaignKeys.all, 'of', object, id],
    queryFn: async ({ signal }) => (await call(api.campaigns.ofRecord, { params: { object, id }, signal })).letters,
    staleTime: 0,
  });
  const at = (when: string | null) => when && moment.format(new Date(when));
  return (
    <Drawer open size={480} title={title} onClose={onClose}>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton lines={4} />}
      {data?.length === 0 && <EmptyState title={t('letters-none')} />}
      <ul className="xk-campaigns">
        {data?.map((one) => {
          const did = [
            at(one.sentAt),
            one.openedAt && `${t('at-opened')} ${at(one.openedAt)}`,
            one.clickedAt && `${t('at-clicked')} ${at(one.clickedAt)}`,
            one.unsubscribedAt && `${t('at-unsubscribed')} ${at(one.unsubscribedAt)}`,
            one.bouncedAt && `${t('which-bounced')} ${at(one.bouncedAt)}`,
          ];
          return (
            <li key={one.campaign}>
              {may ? (
                <Link to="/campaigns/$id" params={{ id: one.campaign }} onClick={onClose}>
                  {one.name}
                </Link>
              ) : (
                <strong>{one.name}</strong>
              )}
              <span className="xk-campaign-marks">{one.kind === 'sms' && <Badge>{t('sms')}</Badge>}</span>
              <small className="xk-muted">{did.filter(Boolean).join(' · ')}</small>
            </li>
          );
        })}
      </ul>
    </Drawer>
  );
}
