import { ChecksPage } from '../features/checks/checks-page.tsx';
import { useCheckText } from '../features/checks/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** Censuses, stock-takes and spot checks: what waits for the reader, and for administrators all of them. */
export function ChecksScreen() {
  const t = useCheckText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <ChecksPage />
    </Page>
  );
}
