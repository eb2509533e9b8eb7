import { useNavigate, useSearch } from '@tanstack/react-router';
import { EvaluationPage } from '../features/evaluation/evaluation-page.tsx';
import { useEvaluationText } from '../features/evaluation/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** `?view=` chooses the part, `?quarter=2026Q3` the quarter of the report; without, the one that runs. */
export function EvaluationScreen() {
  const t = useEvaluationText();
  const navigate = useNavigate();
  const { view = 'report', quarter } = useSearch({ from: '/app/evaluation' });
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <EvaluationPage
        view={view}
        quarter={quarter}
        onMove={(next) => void navigate({ to: '/evaluation', search: next, replace: true })}
      />
    </Page>
  );
}
