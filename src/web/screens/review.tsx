import { ControlOutlined } from '@ant-design/icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../api/query.ts';
import { useComparedObjects } from '../features/duplicates/duplicates-api.ts';
import { DecidedList } from '../features/review/decided-list.tsx';
import { Inbox } from '../features/review/inbox.tsx';
import type { ReviewSearch } from '../features/review/inbox-model.ts';
import { useReviewText } from '../features/review/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/review/review.css';

const ReviewRules = lazy(async () => ({ default: (await import('./review-rules.tsx')).ReviewRules }));

/** One inbox for all that waits for a person. Which part of it is shown stands in the address. */
export function ReviewScreen() {
  const t = useReviewText();
  const search: ReviewSearch = useSearch({ from: '/app/review' });
  const navigate = useNavigate();
  const answersForAll = useMay('quality');
  const [rules, setRules] = useState(false);
  const compared = useComparedObjects();
  const groups = compared.data?.reduce((sum, { open }) => sum + open, 0) ?? 0;
  // Who answers for everything sees everything first.
  const owner = search.owner ?? (search.record || answersForAll ? 'all' : 'me');
  const go = (patch: ReviewSearch) => void navigate({ to: '/review', search: { ...search, ...patch }, replace: true });
  return (
    <Page>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <Button icon={<ControlOutlined />} onClick={() => setRules(true)}>
            {t('rules')}
          </Button>
        }
      />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'open', label: t('tab-open') },
          { key: 'decided', label: t('tab-decided') },
        ]}
        value={search.tab ?? 'open'}
        onChange={(tab) => go({ tab: tab === 'decided' ? tab : undefined })}
      >
        {search.tab === 'decided' ? (
          <DecidedList />
        ) : (
          <Inbox key={JSON.stringify({ ...search, owner })} search={search} owner={owner} onSearch={go} />
        )}
      </Tabs>
      {groups > 0 && (
        <p className="xk-review-more">
          <Link to="/duplicates">{t('duplicates', { n: groups })} →</Link>
        </p>
      )}
      <Suspense fallback={null}>{rules && <ReviewRules onClose={() => setRules(false)} />}</Suspense>
    </Page>
  );
}
