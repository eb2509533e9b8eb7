import { Select } from 'antd';
import { useState } from 'react';
import { useAccounts, useSession } from '../api/query.ts';
import { ShortcutHelp } from '../features/today/progress-header.tsx';
import { useTodayText } from '../features/today/texts.ts';
import { TodayList } from '../features/today/today-list.tsx';
import { useShortcutsOn } from '../features/today/use-shortcuts.ts';
import { useLang } from '../i18n/core.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** A salesperson's home. Administrators can look at another person's list. */
export function TodayScreen() {
  const t = useTodayText();
  const lang = useLang();
  const { account } = useSession();
  const accounts = useAccounts();
  const [owner, setOwner] = useState<string | null>(null);
  const [shortcutsOn, setShortcutsOn] = useShortcutsOn();
  const day = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  });
  const others = accounts.filter((one) => !one.disabled && one.id !== account.id);
  return (
    <Page width="narrow">
      <PageHeader
        title={t('title')}
        hint={day.format(new Date())}
        actions={
          <>
            {account.role === 'admin' && others.length > 0 && (
              <Select
                aria-label={t('whose')}
                value={owner ?? ''}
                onChange={(id: string) => setOwner(id || null)}
                options={[
                  { value: '', label: t('mine') },
                  ...others.map((one) => ({ value: one.id, label: one.name })),
                ]}
                popupMatchSelectWidth={false}
              />
            )}
            <ShortcutHelp on={shortcutsOn} onSwitch={setShortcutsOn} />
          </>
        }
      />
      <TodayList key={owner} owner={owner} shortcutsOn={shortcutsOn} />
    </Page>
  );
}
