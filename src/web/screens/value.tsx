import { useValueText } from '../features/value/texts.ts';
import { ValuePage } from '../features/value/value-page.tsx';
import { Page, PageHeader } from '../ui/page.tsx';

/** What customers are worth, and how that moves. */
export function ValueScreen() {
  const t = useValueText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <ValuePage />
    </Page>
  );
}
