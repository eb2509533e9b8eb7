import { Segmented } from 'antd';
import { useState } from 'react';
import { AskList } from '../features/asking/ask-list.tsx';
import { HeldCorrections } from '../features/asking/held-corrections.tsx';
import { useAskingText } from '../features/asking/texts.ts';
import { Greetings } from '../features/greetings/greetings.tsx';
import { Card, Page, PageHeader } from '../ui/page.tsx';
import '../features/asking/asking.css';

/** Who was asked to confirm, who has answered, and what waits for review. */
export function AsksScreen() {
  const t = useAskingText();
  const [state, setState] = useState<'open' | 'all'>('open');
  return (
    <Page>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <Segmented
            value={state}
            onChange={setState}
            options={[
              { value: 'open', label: t('filter-open') },
              { value: 'all', label: t('filter-all') },
            ]}
          />
        }
      />
      <div className="xk-asks-page">
        <Greetings />
        <HeldCorrections />
        <Card>
          <AskList state={state} />
        </Card>
      </div>
    </Page>
  );
}
