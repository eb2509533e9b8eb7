import { useText } from '../i18n/core.ts';
import { EmptyState, Page } from '../ui/page.tsx';

/** Placeholder until the screen is there. */
export function BinScreen() {
  const t = useText();
  return (
    <Page>
      <EmptyState title={t('under-construction')} />
    </Page>
  );
}
