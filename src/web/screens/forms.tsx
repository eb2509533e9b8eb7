import { useNavigate, useSearch } from '@tanstack/react-router';
import { AskList } from '../features/asking/ask-list.tsx';
import { Censuses } from '../features/forms/censuses.tsx';
import { FormList } from '../features/forms/form-list.tsx';
import { Submissions } from '../features/forms/submissions.tsx';
import { useFormsText } from '../features/forms/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';
import '../features/asking/asking.css';

/** Public forms, what came in through them, and rounds in which customers complete their details. */
export function FormsScreen() {
  const t = useFormsText();
  const navigate = useNavigate();
  const { tab = 'forms', form } = useSearch({ from: '/app/forms' });
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'forms', label: t('tab-forms') },
          { key: 'in', label: t('tab-in') },
          { key: 'census', label: t('tab-census') },
        ]}
        value={tab}
        onChange={(next) => void navigate({ to: '/forms', search: next === 'forms' ? {} : { tab: next } })}
      >
        {tab === 'forms' && <FormList />}
        {tab === 'in' && (
          <Submissions
            form={form}
            onForm={(next) => void navigate({ to: '/forms', search: { tab: 'in', ...(next && { form: next }) } })}
          />
        )}
        {tab === 'census' && (
          <Censuses tools={CONDITION_TOOLS} people={(census) => <AskList state="all" census={census} />} />
        )}
      </Tabs>
    </Page>
  );
}
