import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber, formatShare } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useEvaluationText } from './texts.ts';
import { type Evaluation, useEvaluation } from './use-evaluation.ts';

/** How right the model was, and how often values of a field were found changed. */
export function Model() {
  const { data, error, refetch } = useEvaluation();
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={12} />;
  return (
    <>
      <Calibration report={data} />
      <Trend report={data} />
    </>
  );
}

function Calibration({ report: { calibration, days } }: { report: Evaluation }) {
  const t = useEvaluationText();
  const lang = useLang();
  const { count, brier, brierConstant, auc, ratio, points, off } = calibration;
  return (
    <Card title={t('cal-title')} extra={<span className="xk-muted">{t('cal-days', { n: days })}</span>}>
      {count === 0 ? (
        <p className="xk-muted">{t('cal-none')}</p>
      ) : (
        <div className="xk-cal">
          <CalibrationPlot points={points} />
          <div>
            {off && (
              <p role="status" className="xk-over">
                {t('cal-off')}
              </p>
            )}
            <p>
              {ratio === null
                ? t('cal-no-changes', { n: count })
                : t('cal-ratio', { n: count, ratio: ratio.toFixed(2) })}
            </p>
            <p className="xk-muted">
              {t('cal-brier', { brier: brier.toFixed(3), constant: brierConstant.toFixed(3) })}
              {auc !== null && ` ${t('cal-auc', { auc: auc.toFixed(2) })}`}
            </p>
            <details>
              <summary>{t('cal-table')}</summary>
              <table className="xk-plain-table">
                <thead>
                  <tr>
                    <th scope="col">{t('cal-predicted')}</th>
                    <th scope="col">{t('cal-found')}</th>
                    <th scope="col">{t('cal-count')}</th>
                  </tr>
                </thead>
                <tbody>
                  {points.map((point) => (
                    <tr key={`${point.predicted}`}>
                      <td>{formatShare(point.predicted)}</td>
                      <td>{formatShare(point.found)}</td>
                      <td>{formatNumber(point.count, lang)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </details>
          </div>
        </div>
      )}
    </Card>
  );
}

function CalibrationPlot({ points }: { points: Evaluation['calibration']['points'] }) {
  const t = useEvaluationText();
  const most = Math.max(0.1, ...points.flatMap((point) => [point.predicted, point.found]));
  const at = (value: number) => 36 + (value / most) * 190;
  const up = (value: number) => 204 - (value / most) * 190;
  return (
    <svg viewBox="0 0 240 240" className="xk-curve xk-cal-plot" role="img" aria-label={t('cal-label')}>
      <line x1={at(0)} y1={up(0)} x2={at(most)} y2={up(most)} className="xk-curve-budget" />
      <path d={`M${at(0)} ${up(most)}V${up(0)}H${at(most)}`} className="xk-curve-grid" fill="none" />
      {points.map((point) => (
        <circle
          key={`${point.predicted}`}
          cx={at(point.predicted)}
          cy={up(point.found)}
          r="4.5"
          className="xk-curve-asked"
        />
      ))}
      <text x={at(most)} y="222" textAnchor="end">
        {t('cal-predicted')} {formatShare(most)}
      </text>
      <text x="30" y="12">
        {t('cal-found')} {formatShare(most)}
      </text>
    </svg>
  );
}

function Trend({ report }: { report: Evaluation }) {
  const t = useEvaluationText();
  const label = useLabel();
  const catalog = useCatalog();
  const quarters = [...new Set(report.trend.flatMap((one) => one.quarters.map((quarter) => quarter.quarter)))]
    .sort()
    .slice(-6);
  if (quarters.length === 0) return null;
  return (
    <Card title={t('trend-title')}>
      <p className="xk-muted">{t('trend-hint')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1, axe scrollable-region-focusable) */}
      <section className="xk-scroll" aria-label={t('trend-title')} tabIndex={0}>
        <table className="xk-plain-table">
          <thead>
            <tr>
              <th scope="col">{t('past-what')}</th>
              {quarters.map((quarter) => (
                <th scope="col" key={quarter}>
                  {quarter}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.trend.map((one) => {
              const field = catalog.objects
                .find((o) => o.name === one.object)
                ?.fields.find((f) => f.name === one.field);
              return (
                <tr key={`${one.object}.${one.field}`}>
                  <th scope="row">{label(field?.label) || one.field}</th>
                  {quarters.map((quarter) => {
                    const found = one.quarters.find((q) => q.quarter === quarter);
                    return (
                      <td key={quarter}>
                        {found
                          ? `${formatShare(found.changed / found.checks)} (${found.changed}/${found.checks})`
                          : '–'}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
