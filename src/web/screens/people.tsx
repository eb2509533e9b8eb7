import { useState } from 'react';
import { PeopleList } from '../features/people/people-list.tsx';
import { usePeopleText } from '../features/people/texts.ts';
import { TeamList } from '../features/team/team-list.tsx';
import { useTeamText } from '../features/team/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/people/people.css';

/** Accounts, and who answers for what. */
export function PeopleScreen() {
  const t = usePeopleText();
  const duties = useTeamText();
  const [tab, setTab] = useState<'people' | 'team'>('people');
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'people', label: t('tab-people') },
          { key: 'team', label: duties('tab') },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'people' && <PeopleList />}
        {tab === 'team' && <TeamList />}
      </Tabs>
    </Page>
  );
}
