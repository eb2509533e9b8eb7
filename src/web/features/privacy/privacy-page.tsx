import { lazy, Suspense, useState } from 'react';
import { Skeleton } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Overview } from './overview.tsx';
import { usePrivacyText } from './texts/texts.ts';
import '../../ui/plain.css';
import './privacy.css';

const Requests = lazy(() => import('./requests.tsx').then((m) => ({ default: m.Requests })));
const Retention = lazy(() => import('./retention.tsx').then((m) => ({ default: m.Retention })));
const Purposes = lazy(() => import('./purposes.tsx').then((m) => ({ default: m.Purposes })));
const Erasures = lazy(() => import('./erasures.tsx').then((m) => ({ default: m.Erasures })));
const PersonDrawer = lazy(() => import('./person-drawer.tsx').then((m) => ({ default: m.PersonDrawer })));

export const PRIVACY_TABS = ['overview', 'requests', 'retention', 'purposes', 'erasures'] as const;
export type PrivacyTab = (typeof PRIVACY_TABS)[number];

export interface Person {
  object: string;
  id: string;
  /** The request that he is opened for. */
  request?: string;
}

/** What the data-protection officer works with. */
export function PrivacyPage({ tab, onTab }: { tab: PrivacyTab; onTab(next: PrivacyTab): void }) {
  const t = usePrivacyText();
  const [person, setPerson] = useState<Person | null>(null);
  return (
    <div className="xk-privacy">
      <Tabs label={t('parts')} value={tab} onChange={onTab} tabs={PRIVACY_TABS.map((key) => ({ key, label: t(key) }))}>
        <Suspense fallback={<Skeleton lines={6} />}>
          {tab === 'overview' && <Overview onTab={onTab} />}
          {tab === 'requests' && <Requests onOpen={setPerson} />}
          {tab === 'retention' && <Retention />}
          {tab === 'purposes' && <Purposes />}
          {tab === 'erasures' && <Erasures />}
        </Suspense>
      </Tabs>
      <Suspense fallback={null}>
        {person && <PersonDrawer person={person} onClose={() => setPerson(null)} onGone={() => setPerson(null)} />}
      </Suspense>
    </div>
  );
}
