import type { ReactNode } from 'react';
import type { Filter } from '../../../domain/filter/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { estimateWords, shareWords } from '../../i18n/estimates.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { dueWithin, RowsOf } from './rows-of.tsx';
import { useEvaluationText } from './texts.ts';
import { type Evaluation, useEvaluation } from './use-evaluation.ts';

type Line = Evaluation['all'];

/** What will be due in 30 and 90 days if nobody does anything, with the hours it takes; by field, segment and owner. */
export function Forecast() {
  const t = useEvaluationText();
  const label = useLabel();
  const catalog = useCatalog();
  const { data, error, refetch } = useEvaluation();
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={12} />;
  const objectOf = (name: string) => label(catalog.objects.find((one) => one.name === name)?.label) || name;
  const most = <T extends Line>(rows: T[]) =>
    [...rows].sort((a, b) => b.work.in90.values.value - a.work.in90.values.value);
  const { sample, at } = data;
  const ownerField = catalog.objects.find((one) => one.name === 'customer')?.owner;
  return (
    <Card
      title={t('forecast-title')}
      extra={
        <span className="xk-muted">
          {t(sample.whole ? 'whole' : 'sampled', { n: sample.customers, of: sample.of })}
        </span>
      }
    >
      <p className="xk-muted">{t('forecast-hint')}</p>
      <Bars line={data.all} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1, axe scrollable-region-focusable) */}
      <section className="xk-scroll" aria-label={t('forecast-title')} tabIndex={0}>
        <table className="xk-plain-table xk-report-lines">
          <thead>
            <tr>
              <th scope="col">{t('past-what')}</th>
              <th scope="col">{t('col-now')}</th>
              <th scope="col">{t('col-30')}</th>
              <th scope="col">{t('col-90')}</th>
              <th scope="col">{t('col-hours')}</th>
            </tr>
          </thead>
          <tbody>
            <Row name={t('forecast-total')} line={data.all} rows={(days) => dueWithin(at, days)} />
          </tbody>
          <Group title={t('by-field')}>
            {most(data.byField).map((line) => (
              <Row
                key={`${line.object}.${line.field}`}
                name={
                  <RowsOf object={line.object} filter={{ field: line.field, op: 'stale' }}>
                    {objectOf(line.object)} · {label(line.label)}
                  </RowsOf>
                }
                line={line}
              />
            ))}
          </Group>
          {data.bySegment.length > 0 && (
            <Group title={t('by-segment')}>
              {most(data.bySegment).map((line) => (
                <Row
                  key={`${line.object} ${line.segment.zh}`}
                  name={`${objectOf(line.object)} · ${label(line.segment)}`}
                  line={line}
                />
              ))}
            </Group>
          )}
          <Group title={t('by-owner')}>
            {most(data.byOwner).map((line) => (
              <Row
                key={line.owner ?? ''}
                name={line.owner === null ? t('nobody') : line.name}
                line={line}
                rows={(days) => dueWithin(at, days, ownerField, line.owner)}
              />
            ))}
          </Group>
        </table>
      </section>
    </Card>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <tbody>
      <tr className="xk-policy-object">
        <th scope="rowgroup" colSpan={5}>
          {title}
        </th>
      </tr>
      {children}
    </tbody>
  );
}

function Row({ name, line, rows }: { name: ReactNode; line: Line; rows?: (days: number) => Filter }) {
  const lang = useLang();
  const cell = (share: Line['expired'], work: Line['work']['now'], days: number) => (
    <td>
      <RowsOf object="customer" filter={rows && work.values.value > 0 ? rows(days) : null}>
        {estimateWords(work.values, lang)}
      </RowsOf>{' '}
      <span className="xk-muted">{shareWords(share)}</span>
    </td>
  );
  return (
    <tr>
      <th scope="row">{name}</th>
      {cell(line.expired, line.work.now, 0)}
      {cell(line.in30, line.work.in30, 30)}
      {cell(line.in90, line.work.in90, 90)}
      <td>{estimateWords(line.work.in90.hours, lang)}</td>
    </tr>
  );
}

/** Three bars: the table below has the same figures for screen readers. */
function Bars({ line }: { line: Line }) {
  const t = useEvaluationText();
  const lang = useLang();
  const steps = (['now', 'in30', 'in90'] as const).map((key) => ({ key, work: line.work[key] }));
  const most = Math.max(1, ...steps.map(({ work }) => work.values.value));
  return (
    <ul className="xk-ahead" aria-hidden="true">
      {steps.map(({ key, work }) => (
        <li key={key}>
          <span>{t(key === 'now' ? 'col-now' : key === 'in30' ? 'col-30' : 'col-90')}</span>
          <span className="xk-ahead-bar">
            <span className={`xk-ahead-${key}`} style={{ width: `${(work.values.value / most) * 100}%` }} />
          </span>
          <span className="xk-num">
            {estimateWords(work.values, lang)} {t('forecast-values')}
            {' · '}
            {t('forecast-hours', { n: estimateWords(work.hours, lang) })}
          </span>
        </li>
      ))}
    </ul>
  );
}
