import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useReports } from '../features/insight/insight-api.ts';
import { nameOf } from '../features/insight/report-model.ts';
import { useInsightText } from '../features/insight/texts.ts';
import { useLang } from '../i18n/core.ts';
import { Failure } from '../ui/error-boundary.tsx';
import { EmptyState, Page, PageHeader, Skeleton } from '../ui/page.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';

const ReportBuilder = lazy(async () => ({
  default: (await import('../features/insight/report-builder.tsx')).ReportBuilder,
}));

/** One report: saved, of the template, or a new one. */
export function ReportScreen() {
  const t = useInsightText();
  const lang = useLang();
  const { id } = useParams({ from: '/app/insight/$id' });
  const { data, error, refetch } = useReports();
  const report = data?.find((one) => one.id === id) ?? null;
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data)
    return (
      <Page>
        <Skeleton title lines={10} />
      </Page>
    );
  if (!report && id !== 'new') return <EmptyState title={t('gone')} action={<Link to="/insight">{t('back')}</Link>} />;
  return (
    <Page width="wide">
      <PageHeader title={report ? nameOf(report, lang) : t('new')} actions={<Link to="/insight">{t('back')}</Link>} />
      <Suspense fallback={<Skeleton lines={10} />}>
        <ReportBuilder
          key={`${id} ${report?.version ?? 0}`}
          report={report}
          object={report?.definition.object ?? 'customer'}
          Editor={CONDITION_TOOLS.Editor}
        />
      </Suspense>
    </Page>
  );
}
