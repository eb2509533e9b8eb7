import { useState } from 'react';
import { Deliveries } from '../features/automation/deliveries.tsx';
import { Firings } from '../features/automation/firings.tsx';
import { RuleList } from '../features/automation/rule-list.tsx';
import { useAutomationText } from '../features/automation/texts/words.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';

/** Automatic rules: what each does, what they did, and what left the house because of them. */
export function SettingsRulesScreen() {
  const t = useAutomationText();
  const [tab, setTab] = useState<'rules' | 'log' | 'deliveries'>('rules');
  const [rule, setRule] = useState<string | null>(null);
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'rules', label: t('tab-rules') },
          { key: 'log', label: t('tab-log') },
          { key: 'deliveries', label: t('tab-deliveries') },
        ]}
        value={tab}
        onChange={(next) => {
          setRule(null);
          setTab(next);
        }}
      >
        {tab === 'rules' && (
          <RuleList
            tools={CONDITION_TOOLS}
            onLog={(id) => {
              setRule(id);
              setTab('log');
            }}
          />
        )}
        {tab === 'log' && <Firings rule={rule} onAll={() => setRule(null)} />}
        {tab === 'deliveries' && <Deliveries />}
      </Tabs>
    </Page>
  );
}
