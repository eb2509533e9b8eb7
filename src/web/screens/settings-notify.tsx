import { useSession } from '../api/query.ts';
import { AskingSettings } from '../features/asking/asking-settings.tsx';
import { MailSettings } from '../features/reminders/mail-settings.tsx';
import { MyReminders } from '../features/reminders/my-reminders.tsx';
import { OutgoingList } from '../features/reminders/outgoing-list.tsx';
import { RobotSettings } from '../features/reminders/robot-settings.tsx';
import { RuleSettings } from '../features/reminders/rule-settings.tsx';
import { SmsSettings } from '../features/reminders/sms-settings.tsx';
import { useText } from '../i18n/core.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import '../features/reminders/reminders.css';

/** What one is told and how; for administrators also the rules, mail, robots, and how customers are asked. */
export function SettingsNotifyScreen() {
  const t = useText();
  const { account } = useSession();
  return (
    <Page>
      <PageHeader title={t('notify')} />
      <div className="xk-notify">
        <MyReminders />
        {account.role === 'admin' && (
          <>
            <RuleSettings />
            <MailSettings />
            <SmsSettings />
            <RobotSettings />
            <AskingSettings />
            <OutgoingList />
          </>
        )}
      </div>
    </Page>
  );
}
