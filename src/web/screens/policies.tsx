import { PolicyPage } from '../features/policies/policy-page.tsx';
import { usePolicyText } from '../features/policies/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** Which values are verified how often, and the scenario behind it. */
export function PoliciesScreen() {
  const t = usePolicyText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <PolicyPage />
    </Page>
  );
}
