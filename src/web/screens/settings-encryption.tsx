import { EncryptionPage } from '../features/encryption/encryption-page.tsx';
import { useEncryptionText } from '../features/encryption/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** Encrypted fields and the key that opens them; for administrators. */
export function SettingsEncryptionScreen() {
  const t = useEncryptionText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <EncryptionPage />
    </Page>
  );
}
