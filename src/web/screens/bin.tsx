import { lazy, Suspense, useState } from 'react';
import { useCatalog } from '../api/query.ts';
import { ChangeSetList } from '../features/bin/change-set-list.tsx';
import { countsOf } from '../features/bin/change-set-words.ts';
import { DeletedRecords } from '../features/bin/deleted-records.tsx';
import { useBinText } from '../features/bin/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import '../features/bin/bin.css';

const UnmergeDialog = lazy(async () => ({
  default: (await import('../features/duplicates/unmerge-dialog.tsx')).UnmergeDialog,
}));

/** What was deleted and what was done: both ways back in one place. */
export function BinScreen() {
  const t = useBinText();
  const { objects } = useCatalog();
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
        {tab === 'deleted' ? (
          <DeletedRecords />
        ) : (
          <ChangeSetList
            dialogOf={(set, onClose) => {
              const merged = set.kind === 'merge' && countsOf(set).find(({ word }) => word === 'deleted')?.object;
              const object = objects.find(({ name }) => name === merged);
              return (
                object && (
                  <Suspense fallback={null}>
                    <UnmergeDialog object={object} merge={set.id} onClose={onClose} />
                  </Suspense>
                )
              );
            }}
          />
        )}
      </Tabs>
    </Page>
  );
}
