import { useState } from 'react';
import { ApiKeys } from '../features/people/api-keys.tsx';
import { PeopleList } from '../features/people/people-list.tsx';
import { usePeopleText } from '../features/people/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/people/people.css';

/** Accounts, and the keys with which other systems act for them. */
export function PeopleScreen() {
  const t = usePeopleText();
  const [tab, setTab] = useState<'people' | 'keys'>('people');
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'people', label: t('tab-people') },
          { key: 'keys', label: t('tab-keys') },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'people' ? <PeopleList /> : <ApiKeys />}
      </Tabs>
    </Page>
  );
}
