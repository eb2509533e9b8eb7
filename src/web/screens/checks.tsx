import { useSearch } from '@tanstack/react-router';
import { ChecksPage } from '../features/checks/checks-page.tsx';
import { useCheckText } from '../features/checks/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** Censuses, stock-takes and spot checks: what waits for the reader, and for administrators all of them. `?recheck=user:ID` begins a re-check of what that person found right. */
export function ChecksScreen() {
  const t = useCheckText();
  const { recheck } = useSearch({ from: '/app/checks' });
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <ChecksPage key={recheck} recheck={recheck ?? null} />
    </Page>
  );
}
