import { useText } from '../i18n/core.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** Mail, robots and reminders. */
export function SettingsNotifyScreen() {
  const t = useText();
  return (
    <Page>
      <PageHeader title={t('notify')} />
    </Page>
  );
}
