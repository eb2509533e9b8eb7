import { Link } from '@tanstack/react-router';
import { useSession } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useReports } from './insight-api.ts';
import { nameOf, type Report } from './report-model.ts';
import { ReportView } from './report-view.tsx';
import { useInsightText } from './texts.ts';
import './insight.css';

/** Reports that stand on the board, each as a card with its answer. */
export function ReportBoard() {
  const t = useInsightText();
  const lang = useLang();
  const { data, error, refetch } = useReports();
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={10} />;
  const pinned = data.filter(({ definition }) => definition.pinned);
  return (
    <>
      {pinned.length === 0 && <EmptyState title={t('none-title')} hint={t('none-hint')} />}
      <div className="xk-report-board">
        {pinned.map((report) => (
          <Card
            key={report.id}
            title={
              <Link to="/insight/$id" params={{ id: report.id }}>
                {nameOf(report, lang)}
              </Link>
            }
          >
            <ReportView definition={report.definition} name={nameOf(report, lang)} most={8} />
          </Card>
        ))}
      </div>
      <Card title={t('all')}>
        <ul className="xk-report-list">
          {data.map((report) => (
            <li key={report.id}>
              <Link to="/insight/$id" params={{ id: report.id }}>
                {nameOf(report, lang)}
              </Link>
              <Whose report={report} />
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function Whose({ report: { owner, shared } }: { report: Report }) {
  const t = useInsightText();
  const { account } = useSession();
  const parts = [
    owner === null ? t('template') : owner === account.id ? t('mine') : null,
    owner !== null && shared ? t('shared') : null,
  ];
  return <small className="xk-muted">{parts.filter((one) => one !== null).join(' · ')}</small>;
}
