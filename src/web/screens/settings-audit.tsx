import { useNavigate, useSearch } from '@tanstack/react-router';
import { AuditPage } from '../features/audit/audit-page.tsx';
import { useAuditText } from '../features/audit/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** What was done, provably; for administrators and auditors. */
export function SettingsAuditScreen() {
  const t = useAuditText();
  const navigate = useNavigate();
  const { record } = useSearch({ from: '/app/settings/audit' });
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <AuditPage record={record} onAll={() => void navigate({ to: '/settings/audit', search: {} })} />
    </Page>
  );
}
