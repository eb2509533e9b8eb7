import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useId } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { reportSchema } from '../../../contract/evaluation.ts';
import { call, download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLang } from '../../i18n/core.ts';
import { percentWords, pointsWords, rangeWords, shareWords } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { DayChart } from './day-chart.tsx';
import { Outcomes } from './outcomes.tsx';
import { ReportFeedback } from './report-feedback.tsx';
import { ReportLines } from './report-lines.tsx';
import { useEvaluationText } from './texts.ts';

export type QuarterReport = z.infer<typeof reportSchema>;

/** One quarter on one page: it prints as it stands. */
export function Report({
  quarter,
  onQuarter,
}: {
  quarter: string | undefined;
  onQuarter(next: string | undefined): void;
}) {
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'report', quarter],
    queryFn: ({ signal }): Promise<QuarterReport> =>
      call(api.evaluation.report, { query: quarter === undefined ? {} : { quarter }, signal }),
    placeholderData: keepPreviousData,
  });
  const t = useEvaluationText();
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={12} />;
  return (
    <>
      <Head report={data} quarter={quarter} onQuarter={onQuarter} />
      {data.kept.days === 0 ? (
        <EmptyState title={data.quarter.id} hint={t('not-kept')} />
      ) : (
        <>
          <Summary report={data} />
          <ReportLines report={data} />
        </>
      )}
      <Outcomes report={data} />
      <ReportFeedback feedback={data.feedback} />
      <Policies report={data} />
    </>
  );
}

function Head({
  report,
  quarter,
  onQuarter,
}: {
  report: QuarterReport;
  quarter: string | undefined;
  onQuarter(next: string | undefined): void;
}) {
  const t = useEvaluationText();
  const id = useId();
  const toasts = useToasts();
  const { data } = useQuery({
    queryKey: [...keys.policies, 'quarters'],
    queryFn: ({ signal }) => call(api.evaluation.quarters, { signal }),
  });
  const { first, last, running } = report.quarter;
  const [newest, ...older] = data?.quarters ?? [report.quarter.id];
  const { sample, kept } = report;
  return (
    <header className="xk-report-head">
      <label className="xk-muted" htmlFor={id}>
        {t('quarter')}
      </label>
      <select
        id={id}
        className="xk-plain-input"
        value={quarter ?? newest}
        onChange={({ target }) => onQuarter(target.value === newest ? undefined : target.value)}
      >
        {newest !== undefined && <option value={newest}>{t('running', { quarter: newest })}</option>}
        {older.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
      <p>
        <strong className="xk-print-only">{report.quarter.id}</strong> {t('span', { first, last })}
        {running && <span className="xk-print-only"> {t('running', { quarter: '' })}</span>}
        <span className="xk-muted">
          {' · '}
          {t('kept', { days: kept.days, of: kept.of })}
          {kept.days > 0 && ` · ${t(sample.whole ? 'whole' : 'sampled', { n: sample.customers, of: sample.of })}`}
          {kept.since !== null && kept.since > first && ` · ${t('kept-since', { day: kept.since })}`}
        </span>
      </p>
      <div className="xk-page-actions">
        <Button onClick={() => print()}>{t('print')}</Button>
        <Button
          onClick={() =>
            download(api.evaluation.table, { query: { quarter: report.quarter.id } }, t('csv-name')).catch(
              (failure: unknown) => toasts.error(sentence(failure)),
            )
          }
        >
          {t('csv')}
        </Button>
      </div>
    </header>
  );
}

function Summary({ report }: { report: QuarterReport }) {
  const t = useEvaluationText();
  const lang = useLang();
  const { all, before } = report;
  const checked = all.confirmed + all.wrong;
  return (
    <Card title={t('sum-title')}>
      <dl className="xk-sum">
        <div>
          <dt>{t('sum-expired')}</dt>
          <dd>{all.expired ? shareWords(all.expired) : '–'}</dd>
          <dd className="xk-muted">
            {all.change
              ? t('sum-change', { quarter: before.id, points: pointsWords(all.change) })
              : t('sum-no-before', { quarter: before.id })}
          </dd>
        </div>
        <div>
          <dt>{t('sum-belief')}</dt>
          <dd>{all.freshness === null ? '–' : percentWords(all.freshness)}</dd>
        </div>
        <div>
          <dt>{t('sum-checked')}</dt>
          <dd>{t('sum-checked-n', { n: checked })}</dd>
          <dd className="xk-muted">
            {t('sum-parts', { right: all.confirmed, wrong: all.wrong, corrected: all.corrected })}
          </dd>
        </div>
        <div>
          <dt>{t('sum-found')}</dt>
          <dd>{all.found ? percentWords(all.found.value) : '–'}</dd>
          <dd className="xk-muted">
            {all.found ? t('sum-found-range', { range: rangeWords(all.found) }) : t('sum-none')}
          </dd>
        </div>
        <div>
          <dt>{t('col-values')}</dt>
          <dd>{formatNumber(Math.round(all.values), lang)}</dd>
        </div>
      </dl>
      {report.days.length > 1 && <DayChart days={report.days} quarter={report.quarter} />}
    </Card>
  );
}

function Policies({ report }: { report: QuarterReport }) {
  const t = useEvaluationText();
  const day = useDateFormat({ dateStyle: 'medium' });
  return (
    <Card title={t('policies-title')}>
      {report.policies.length === 0 ? (
        <p className="xk-muted">{t('policies-none')}</p>
      ) : (
        <>
          <ul className="xk-report-policies">
            {report.policies.map((one) => (
              <li key={one.version}>
                {t('policy-line', { n: one.version, author: one.authorName, day: day.format(new Date(one.at)) })}
                {one.reason && <span className="xk-muted"> {one.reason}</span>}
              </li>
            ))}
          </ul>
          <p className="xk-muted">{t('policies-effect')}</p>
        </>
      )}
      <p className="xk-report-next">
        {t('next-hint')} <Link to="/policies">{t('next-go')}</Link>
      </p>
    </Card>
  );
}
