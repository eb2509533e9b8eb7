import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { Filter } from '../../domain/filter/types.ts';
import type { ObjectDef } from '../../domain/schema/types.ts';
import { useMay, useSession } from '../api/query.ts';
import { ApprovalQueue } from '../features/approvals/queue.tsx';
import { useApprovalText } from '../features/approvals/texts.ts';
import { filterWords } from '../features/views/filter-words.ts';
import { subjectsOf } from '../features/views/operators.ts';
import { useFormatEnv } from '../fields/sources.ts';
import { Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';

const ApprovalRules = lazy(async () => ({ default: (await import('../features/approvals/rules.tsx')).ApprovalRules }));

/** What needs a second person: for me to decide, what I asked for, everything, and the rules. */
export function ApprovalsScreen() {
  const t = useApprovalText();
  const navigate = useNavigate();
  const { account } = useSession();
  const audits = useMay('audit');
  const settings = useMay('settings');
  const { tab = 'decide' } = useSearch({ from: '/app/approvals' });
  const all = account.role === 'admin' || audits;
  const tabs = [
    { key: 'decide' as const, label: t('tab-decide') },
    { key: 'mine' as const, label: t('tab-mine') },
    ...(all ? [{ key: 'all' as const, label: t('tab-all') }] : []),
    ...(settings ? [{ key: 'rules' as const, label: t('tab-rules') }] : []),
  ];
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={tabs}
        value={tab}
        onChange={(next) => void navigate({ to: '/approvals', search: next === 'decide' ? {} : { tab: next } })}
      >
        {tab === 'rules' ? (
          <Suspense fallback={<Skeleton lines={6} />}>
            <ApprovalRules />
          </Suspense>
        ) : (
          <ApprovalQueue key={tab} which={tab === 'decide' ? 'mine-to-decide' : tab} Condition={Words} />
        )}
      </Tabs>
    </Page>
  );
}

function Words({ object, filter }: { object: ObjectDef; filter: Filter }) {
  const env = useFormatEnv(object.fields);
  return <>{filterWords(filter, subjectsOf(object.fields), env)}</>;
}
