import { Tabs } from 'antd';
import { ApiKeys } from '../features/people/api-keys.tsx';
import { PeopleList } from '../features/people/people-list.tsx';
import { usePeopleText } from '../features/people/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import '../features/people/people.css';

/** Accounts, and the keys with which other systems act for them. */
export function PeopleScreen() {
  const t = usePeopleText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        items={[
          { key: 'people', label: t('tab-people'), children: <PeopleList /> },
          { key: 'keys', label: t('tab-keys'), children: <ApiKeys /> },
        ]}
      />
    </Page>
  );
}
