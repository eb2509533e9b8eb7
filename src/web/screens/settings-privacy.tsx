import { useNavigate, useSearch } from '@tanstack/react-router';
import { PRIVACY_TABS, PrivacyPage } from '../features/privacy/privacy-page.tsx';
import { usePrivacyText } from '../features/privacy/texts/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** What is held about people, why, until when; for who answers for it. */
export function SettingsPrivacyScreen() {
  const t = usePrivacyText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/settings/privacy' });
  const tab = PRIVACY_TABS.find((one) => one === search.tab) ?? 'overview';
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <PrivacyPage
        tab={tab}
        onTab={(next) => void navigate({ to: '/settings/privacy', search: next === 'overview' ? {} : { tab: next } })}
      />
    </Page>
  );
}
