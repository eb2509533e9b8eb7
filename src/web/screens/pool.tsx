import { useState } from 'react';
import { useMay } from '../api/query.ts';
import { usePools } from '../features/pool/pool-api.ts';
import { PoolDue } from '../features/pool/pool-due.tsx';
import { PoolList } from '../features/pool/pool-list.tsx';
import { PoolRules } from '../features/pool/pool-rules.tsx';
import { usePoolText } from '../features/pool/texts.ts';
import { Failure } from '../ui/error-boundary.tsx';
import { Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';
import '../features/pool/pool.css';

/** The pool: what can be taken, what goes back soon, and by which rules. */
export function PoolScreen() {
  const t = usePoolText();
  const [tab, setTab] = useState<'list' | 'due' | 'rules'>('list');
  const may = useMay('settings');
  const { data, error, refetch } = usePools();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'list', label: t('tab-list') },
          { key: 'due', label: t('tab-due') },
          ...(may ? [{ key: 'rules' as const, label: t('tab-rules') }] : []),
        ]}
        value={tab}
        onChange={setTab}
      >
        {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={8} />}
        {data && tab === 'list' && <PoolList pools={data.pools} />}
        {data && tab === 'due' && <PoolDue />}
        {data && tab === 'rules' && may && <PoolRules pools={data} tools={CONDITION_TOOLS} />}
      </Tabs>
    </Page>
  );
}
