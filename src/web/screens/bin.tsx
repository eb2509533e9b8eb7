import { Tabs } from 'antd';
import { ChangeSetList } from '../features/bin/change-set-list.tsx';
import { DeletedRecords } from '../features/bin/deleted-records.tsx';
import { useBinText } from '../features/bin/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import '../features/bin/bin.css';

/** What was deleted and what was done: both ways back in one place. */
export function BinScreen() {
  const t = useBinText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        destroyOnHidden
        items={[
          { key: 'deleted', label: t('tab-deleted'), children: <DeletedRecords /> },
          { key: 'sets', label: t('tab-sets'), children: <ChangeSetList /> },
        ]}
      />
    </Page>
  );
}
