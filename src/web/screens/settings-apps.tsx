import { useState } from 'react';
import { useSession } from '../api/query.ts';
import { ApiKeys } from '../features/apps/api-keys.tsx';
import { AppList } from '../features/apps/app-list.tsx';
import { Connections } from '../features/apps/connections.tsx';
import { useAppsText } from '../features/apps/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/apps/apps.css';

/** Programs that act for people: connected apps and keys of one's own, and the apps an administrator registers. */
export function SettingsAppsScreen() {
  const t = useAppsText();
  const { account } = useSession();
  const [tab, setTab] = useState<'connections' | 'keys' | 'apps'>(account.role === 'admin' ? 'apps' : 'connections');
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          ...(account.role === 'admin' ? [{ key: 'apps' as const, label: t('tab-apps') }] : []),
          { key: 'connections', label: t('tab-connections') },
          { key: 'keys', label: t('tab-keys') },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'connections' && <Connections />}
        {tab === 'keys' && <ApiKeys />}
        {tab === 'apps' && <AppList />}
      </Tabs>
    </Page>
  );
}
