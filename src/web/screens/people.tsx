import { lazy, Suspense, useState } from 'react';
import { useSession } from '../api/query.ts';
import { PeopleList } from '../features/people/people-list.tsx';
import { usePeopleText } from '../features/people/texts.ts';
import { TeamList } from '../features/team/team-list.tsx';
import { useTeamText } from '../features/team/texts.ts';
import { Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/people/people.css';

const SignInPolicy = lazy(async () => ({ default: (await import('../features/security/policy.tsx')).SignInPolicy }));

/** Accounts, who answers for what, and how people sign in. */
export function PeopleScreen() {
  const t = usePeopleText();
  const duties = useTeamText();
  const [tab, setTab] = useState<'people' | 'team' | 'sign-in'>('people');
  const { account } = useSession();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'people', label: t('tab-people') },
          { key: 'team', label: duties('tab') },
          ...(account.role === 'admin' ? [{ key: 'sign-in' as const, label: t('tab-sign-in') }] : []),
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'people' && <PeopleList />}
        {tab === 'team' && <TeamList />}
        {tab === 'sign-in' && (
          <Suspense fallback={<Skeleton lines={6} />}>
            <SignInPolicy />
          </Suspense>
        )}
      </Tabs>
    </Page>
  );
}
