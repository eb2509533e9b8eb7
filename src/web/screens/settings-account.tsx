import { SecurityCards } from '../features/security/security-cards.tsx';
import { useSecurityText } from '../features/security/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** My own sign-in: password, second factors, devices. */
export function SettingsAccountScreen() {
  const t = useSecurityText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <SecurityCards />
    </Page>
  );
}
