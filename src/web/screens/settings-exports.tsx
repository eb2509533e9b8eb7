import { useState } from 'react';
import { useMay } from '../api/query.ts';
import { ExportLog } from '../features/exports/export-log.tsx';
import { ExportSettingsForm } from '../features/exports/export-settings.tsx';
import { useExportText } from '../features/exports/texts.ts';
import { Trace } from '../features/exports/trace.tsx';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';

/** What left the house as a file, who took a piece of it out, and how files are marked. */
export function SettingsExportsScreen() {
  const t = useExportText();
  const audits = useMay('audit');
  const settings = useMay('settings');
  const [tab, setTab] = useState<'log' | 'trace' | 'settings'>('log');
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'log', label: t('tab-log') },
          ...(audits ? [{ key: 'trace' as const, label: t('tab-trace') }] : []),
          ...(settings ? [{ key: 'settings' as const, label: t('tab-settings') }] : []),
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'log' && <ExportLog />}
        {tab === 'trace' && <Trace />}
        {tab === 'settings' && <ExportSettingsForm />}
      </Tabs>
    </Page>
  );
}
