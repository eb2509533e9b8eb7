import { useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import type { QuarterReport } from './report.tsx';
import { useEvaluationText } from './texts.ts';

/** What the team says of how often fields are verified: votes, and notes by name. */
export function ReportFeedback({ feedback }: Pick<QuarterReport, 'feedback'>) {
  const t = useEvaluationText();
  const label = useLabel();
  const catalog = useCatalog();
  const day = useDateFormat({ dateStyle: 'medium' });
  const nameOf = (object: string, field: string) => {
    const found = catalog.objects.find((one) => one.name === object);
    const name = label(found?.fields.find((one) => one.name === field)?.label) || field;
    return `${label(found?.label) || object} · ${name}`;
  };
  return (
    <Card title={t('feedback-title')}>
      {feedback.votes.length === 0 ? (
        <p className="xk-muted">{t('feedback-none')}</p>
      ) : (
        <table className="xk-plain-table">
          <thead>
            <tr>
              <th scope="col">{t('past-what')}</th>
              <th scope="col">{t('feedback-too-often')}</th>
              <th scope="col">{t('feedback-right')}</th>
              <th scope="col">{t('feedback-too-seldom')}</th>
            </tr>
          </thead>
          <tbody>
            {feedback.votes.map((vote) => (
              <tr key={`${vote.object}.${vote.field}`}>
                <th scope="row">{nameOf(vote.object, vote.field)}</th>
                <td>{vote.tooOften}</td>
                <td>{vote.right}</td>
                <td>{vote.tooSeldom}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {feedback.notes.length > 0 && (
        <ul className="xk-report-policies">
          {feedback.notes.map((one) => (
            <li key={`${one.at} ${one.name} ${one.field}`}>
              {one.note}{' '}
              <span className="xk-muted">
                {one.name} · {nameOf(one.object, one.field)} · {day.format(new Date(one.at))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
