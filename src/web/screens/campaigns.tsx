import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CampaignList } from '../features/campaigns/campaign-list.tsx';
import { SegmentList } from '../features/campaigns/segment-list.tsx';
import { useCampaignText } from '../features/campaigns/texts/words.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';

/** Campaigns, and the segments that they go to. */
export function CampaignsScreen() {
  const t = useCampaignText();
  const navigate = useNavigate();
  const { tab = 'campaigns' } = useSearch({ from: '/app/campaigns' });
  return (
    <Page>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <Link to="/campaigns/$id" params={{ id: 'new' }} className="xk-link-button">
            <PlusOutlined aria-hidden="true" /> {t('new')}
          </Link>
        }
      />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'campaigns', label: t('tab-campaigns') },
          { key: 'segments', label: t('tab-segments') },
        ]}
        value={tab}
        onChange={(next) =>
          void navigate({ to: '/campaigns', search: next === 'segments' ? { tab: next } : {}, replace: true })
        }
      >
        {tab === 'campaigns' ? <CampaignList /> : <SegmentList {...CONDITION_TOOLS} />}
      </Tabs>
    </Page>
  );
}
