import { useState } from 'react';
import { useMay } from '../api/query.ts';
import { ClockList } from '../features/service/clock-list.tsx';
import { useService } from '../features/service/service-api.ts';
import { useServiceText } from '../features/service/texts.ts';
import { WorkHours } from '../features/service/work-hours.tsx';
import { Failure } from '../ui/error-boundary.tsx';
import { Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';
import '../features/service/service.css';

/** Service times: by when what must be answered and solved, and the hours that count. */
export function SettingsServiceScreen() {
  const t = useServiceText();
  const [tab, setTab] = useState<'clocks' | 'calendar'>('clocks');
  const editable = useMay('settings');
  const { data, error, refetch } = useService();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'clocks', label: t('tab-clocks') },
          { key: 'calendar', label: t('tab-calendar') },
        ]}
        value={tab}
        onChange={setTab}
      >
        {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={8} />}
        {data && tab === 'clocks' && <ClockList clocks={data.clocks} editable={editable} tools={CONDITION_TOOLS} />}
        {data && tab === 'calendar' && (
          <WorkHours key={JSON.stringify(data.calendar)} calendar={data.calendar} editable={editable} />
        )}
      </Tabs>
    </Page>
  );
}
