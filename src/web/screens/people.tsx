import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useSession } from '../api/query.ts';
import { useOwnershipText } from '../features/ownership/texts.ts';
import { type Account, PeopleList } from '../features/people/people-list.tsx';
import { usePeopleText } from '../features/people/texts.ts';
import { TeamList } from '../features/team/team-list.tsx';
import { useTeamText } from '../features/team/texts.ts';
import { Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/people/people.css';

const SignInPolicy = lazy(async () => ({ default: (await import('../features/security/policy.tsx')).SignInPolicy }));
const LeaveDrawer = lazy(async () => ({
  default: (await import('../features/ownership/leave-drawer.tsx')).LeaveDrawer,
}));
const HandoverList = lazy(async () => ({
  default: (await import('../features/ownership/handover-list.tsx')).HandoverList,
}));
const OwnershipRules = lazy(async () => ({
  default: (await import('../features/ownership/ownership-rules.tsx')).OwnershipRules,
}));

/** Accounts, who answers for what, and how people sign in. */
export function PeopleScreen() {
  const t = usePeopleText();
  const duties = useTeamText();
  const [tab, setTab] = useState<'people' | 'team' | 'sign-in' | 'handovers' | 'ownership'>('people');
  const own = useOwnershipText();
  const [leaver, setLeaver] = useState<Account | null>(null);
  const { account } = useSession();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'people', label: t('tab-people') },
          { key: 'team', label: duties('tab') },
          ...(account.role === 'admin'
            ? [
                { key: 'sign-in' as const, label: t('tab-sign-in') },
                { key: 'handovers' as const, label: own('handovers') },
                { key: 'ownership' as const, label: own('settings') },
              ]
            : []),
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'people' && (
          <PeopleList
            leaving={(person) => (
              <Button
                size="small"
                aria-label={own('leave-of', { name: person.name })}
                onClick={() => setLeaver(person)}
              >
                {own('leave')}
              </Button>
            )}
          />
        )}
        {tab === 'team' && <TeamList />}
        <Suspense fallback={<Skeleton lines={6} />}>
          {tab === 'sign-in' && <SignInPolicy />}
          {tab === 'handovers' && <HandoverList />}
          {tab === 'ownership' && <OwnershipRules />}
        </Suspense>
      </Tabs>
      <Suspense fallback={null}>
        {leaver && <LeaveDrawer account={leaver.id} name={leaver.name} onClose={() => setLeaver(null)} />}
      </Suspense>
    </Page>
  );
}
