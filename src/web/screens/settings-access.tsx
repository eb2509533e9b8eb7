import { useState } from 'react';
import { useSession } from '../api/query.ts';
import { RequestList } from '../features/access/request-list.tsx';
import { RoleMatrix } from '../features/access/role-matrix.tsx';
import { RolePeople } from '../features/access/role-people.tsx';
import { Secrecy } from '../features/access/secrecy.tsx';
import { useAccessText } from '../features/access/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';

/** Who may see and do what: roles, who has them, what is asked for. Others than administrators see what was asked of them. */
export function SettingsAccessScreen() {
  const t = useAccessText();
  const { account } = useSession();
  const [tab, setTab] = useState<'roles' | 'people' | 'requests' | 'secrecy'>('roles');
  if (account.role !== 'admin')
    return (
      <Page>
        <PageHeader title={t('requests')} hint={t('requests-hint')} />
        <RequestList />
      </Page>
    );
  return (
    <Page width="wide">
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'roles', label: t('roles') },
          { key: 'people', label: t('people') },
          { key: 'requests', label: t('requests') },
          { key: 'secrecy', label: t('secrecy') },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'roles' && <RoleMatrix />}
        {tab === 'people' && <RolePeople />}
        {tab === 'requests' && <RequestList />}
        {tab === 'secrecy' && <Secrecy />}
      </Tabs>
    </Page>
  );
}
