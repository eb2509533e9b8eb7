import { useState } from 'react';
import { ChangeSetList } from '../features/bin/change-set-list.tsx';
import { DeletedRecords } from '../features/bin/deleted-records.tsx';
import { useBinText } from '../features/bin/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/bin/bin.css';

/** What was deleted and what was done: both ways back in one place. */
export function BinScreen() {
  const t = useBinText();
  const [tab, setTab] = useState<'deleted' | 'sets'>('deleted');
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'deleted', label: t('tab-deleted') },
          { key: 'sets', label: t('tab-sets') },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'deleted' ? <DeletedRecords /> : <ChangeSetList />}
      </Tabs>
    </Page>
  );
}
