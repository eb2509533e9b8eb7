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

const MassUndoDialog = lazy(async () => ({
  default: (await import('../features/mass/mass-undo-dialog.tsx')).MassUndoDialog,
}));

/** From so many records on an undo is a background run: the page does not wait for it. */
const MANY = 2000;

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
              const counts = countsOf(set);
              const records = counts.reduce((sum, { n }) => sum + n, 0);
              // What was created goes as one statement; the rest is given back record by record.
              if (records > MANY && set.kind !== 'merge' && counts.every(({ word }) => word !== 'created'))
                return (
                  <Suspense fallback={null}>
                    <MassUndoDialog changeSet={set.id} records={records} onClose={onClose} />
                  </Suspense>
                );
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
