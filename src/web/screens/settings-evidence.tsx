import { EvidencePage } from '../features/evidence/evidence-page.tsx';
import { useEvidenceText } from '../features/evidence/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** What everyday work says about values, and which imports are trusted; for administrators. */
export function SettingsEvidenceScreen() {
  const t = useEvidenceText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <EvidencePage />
    </Page>
  );
}
