import { useState } from 'react';
import { useAccounts, useSession } from '../api/query.ts';
import { useDateFormat } from '../api/use-date-format.ts';
import { MyTasks } from '../features/tasks/my-tasks.tsx';
import { ShortcutHelp } from '../features/today/progress-header.tsx';
import { useTodayText } from '../features/today/texts.ts';
import { TodayList } from '../features/today/today-list.tsx';
import { Page, PageHeader } from '../ui/page.tsx';
import { useShortcutsOn } from '../ui/use-shortcuts.ts';

/** A salesperson's home. Administrators can look at another person's list. */
export function TodayScreen() {
  const t = useTodayText();
  const { account } = useSession();
  const accounts = useAccounts();
  const [owner, setOwner] = useState<string | null>(null);
  const [shortcutsOn, setShortcutsOn] = useShortcutsOn();
  const day = useDateFormat({ month: 'long', day: 'numeric', weekday: 'long' });
  const others = accounts.filter((one) => !one.disabled && one.id !== account.id);
  return (
    <Page width="narrow">
      <PageHeader
        title={t('title')}
        hint={day.format(new Date())}
        actions={
          <>
            {account.role === 'admin' && others.length > 0 && (
              <select
                className="xk-plain-input xk-whose"
                aria-label={t('whose')}
                value={owner ?? ''}
                onChange={(event) => setOwner(event.target.value || null)}
              >
                <option value="">{t('mine')}</option>
                {others.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            )}
            <ShortcutHelp on={shortcutsOn} onSwitch={setShortcutsOn} />
          </>
        }
      />
      {owner === null && <MyTasks />}
      <TodayList key={owner} owner={owner} shortcutsOn={shortcutsOn} />
    </Page>
  );
}
