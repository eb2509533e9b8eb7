import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { api } from '../../contract/api.ts';
import { call } from '../api/client.ts';
import { campaignKeys, useCampaign } from '../features/campaigns/campaigns-api.ts';
import { useCampaignText } from '../features/campaigns/texts/words.ts';
import { Failure } from '../ui/error-boundary.tsx';
import { Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';
import '../features/campaigns/campaigns.css';

const CampaignEditor = lazy(async () => ({
  default: (await import('../features/campaigns/campaign-editor.tsx')).CampaignEditor,
}));
const Result = lazy(async () => ({ default: (await import('../features/campaigns/result.tsx')).Result }));

/** One campaign: being made, or what came of it. */
export function CampaignScreen() {
  const t = useCampaignText();
  const { id } = useParams({ from: '/app/campaigns/$id' });
  const { segment = null, step } = useSearch({ from: '/app/campaigns/$id' });
  const isNew = id === 'new';
  const { data = null, error, refetch } = useCampaign(isNew ? null : id);
  const list = useQuery({
    queryKey: campaignKeys.list,
    queryFn: ({ signal }) => call(api.campaigns.list, { signal }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!isNew && !data)
    return (
      <Page>
        <Skeleton title lines={10} />
      </Page>
    );
  const open = isNew || ['draft', 'checking', 'checked'].includes(data?.campaign.state ?? '');
  return (
    <Page width="wide">
      <PageHeader
        title={data?.campaign.name || t('new')}
        actions={
          <Link to="/campaigns" search={{}}>
            {t('back')}
          </Link>
        }
      />
      <Suspense fallback={<Skeleton lines={10} />}>
        {open ? (
          <CampaignEditor
            key={id}
            detail={data}
            segment={segment}
            step={step}
            sms={list.data?.sms ?? false}
            Editor={CONDITION_TOOLS.Editor}
          />
        ) : (
          data && <Result detail={data} />
        )}
      </Suspense>
    </Page>
  );
}
