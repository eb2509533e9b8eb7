import { DictionaryPage } from '../features/tagging/dictionary-page.tsx';
import { useTaggingText } from '../features/tagging/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** Tags that texts set: their dictionary, and the look through what was written before. */
export function SettingsTagsScreen() {
  const t = useTaggingText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <DictionaryPage />
    </Page>
  );
}
