import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { ApiError } from '../../api/errors.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useFigures } from './insight-api.ts';
import { type Definition, drillOf, type Figure, type Figures, pivotOf } from './report-model.ts';
import { useInsightText } from './texts.ts';
import { type ReportWords, useReportWords } from './use-report-words.ts';
import '../../ui/plain.css';
import './insight.css';

/** A report's answer in its chart. Every figure leads to the records behind it. */
export function ReportView({
  definition: wanted,
  name,
  most,
}: {
  definition: Definition;
  name: string;
  most?: number;
}) {
  const t = useInsightText();
  const { data, error, refetch, shown: definition } = useFigures(wanted);
  const words = useReportWords(definition);
  // Gone fields and missing rights are the reader's to know, not an error of the page.
  if (!words || (error instanceof ApiError && error.status === 422)) return <p className="xk-muted">{t('gone')}</p>;
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={5} />;
  // A card shows the largest groups; the report has them all.
  const few = most !== undefined && definition.by.length === 1 && !definition.by[0]?.bucket && data.rows.length > most;
  const figures = few ? { ...data, rows: data.rows.slice(0, most) } : data;
  const part = { definition, figures, words, name };
  if (definition.chart === 'number' || definition.by.length === 0) return <Numbers {...part} />;
  if (data.rows.length === 0) return <p className="xk-muted">{t('no-data')}</p>;
  return (
    <>
      {definition.by.length === 2 ? (
        <PivotTable {...part} />
      ) : definition.chart === 'line' && data.rows.length > 1 ? (
        <Line {...part} />
      ) : definition.chart === 'table' ? (
        <GroupTable {...part} />
      ) : (
        <Bars {...part} />
      )}
      {(data.more || few) && <p className="xk-muted">{t('more', { n: figures.rows.length })}</p>}
    </>
  );
}

interface Part {
  definition: Definition;
  figures: Figures;
  words: ReportWords;
  name: string;
}

/** To the table of the records behind a figure. */
function Behind({
  definition,
  words,
  keys,
  label,
  children,
}: {
  definition: Definition;
  words: ReportWords;
  keys: FieldValue[];
  label?: string;
  children: ReactNode;
}) {
  const filter = drillOf(definition, keys, words.all);
  const search = filter ? { filter: JSON.stringify(filter) } : {};
  const more = label === undefined ? {} : { 'aria-label': label };
  return definition.object === 'customer' ? (
    <Link to="/customers" search={search} {...more}>
      {children}
    </Link>
  ) : (
    <Link to="/o/$object" params={{ object: definition.object }} search={search} {...more}>
      {children}
    </Link>
  );
}

function Numbers({ definition, figures, words }: Part) {
  const [row] = figures.rows;
  return (
    <dl className="xk-report-numbers">
      {definition.measures.map((measure, n) => (
        <div key={JSON.stringify(measure)}>
          <dt>{words.measure(measure)}</dt>
          <dd>
            <Behind {...{ definition, words }} keys={[]}>
              {words.figure(row?.values[n] ?? null, n)}
            </Behind>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Bars({ definition, figures, words, name }: Part) {
  const t = useInsightText();
  const sizes = figures.rows.map(({ values }) => Math.max(0, Number(values[0] ?? 0)));
  const most = Math.max(...sizes, Number.MIN_VALUE);
  return (
    <>
      {definition.measures.length > 1 && (
        <p className="xk-muted xk-report-what">{definition.measures.map(words.measure).join(' · ')}</p>
      )}
      <ul className="xk-report-bars" aria-label={t('bars-of', { name })}>
        {figures.rows.map(({ keys, values }, at) => {
          const group = words.key(keys[0] ?? null, 0, figures.titles);
          return (
            <li key={JSON.stringify(keys)}>
              <span className="xk-report-group">
                <Behind {...{ definition, words, keys }} label={t('see-records', { group })}>
                  {group}
                </Behind>
              </span>
              <span className="xk-report-bar" aria-hidden="true">
                <span style={{ width: `${((sizes[at] ?? 0) / most) * 100}%` }} />
              </span>
              <span className="xk-num">
                {definition.measures.map((measure, n) => (
                  <span
                    key={JSON.stringify(measure)}
                    className={n > 0 ? 'xk-muted' : undefined}
                    title={words.measure(measure)}
                  >
                    {words.figure(values[n] ?? null, n)}
                  </span>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const BOX = { left: 62, top: 12, width: 560, height: 150 };

function Line({ definition, figures, words, name }: Part) {
  const t = useInsightText();
  const points = figures.rows.map(({ keys, values }) => ({
    keys,
    group: words.key(keys[0] ?? null, 0, figures.titles),
    value: Number(values[0] ?? 0),
    text: words.figure(values[0] ?? null, 0),
  }));
  const known = points.filter(({ keys }) => keys[0] !== null);
  const most = Math.max(...known.map(({ value }) => value), Number.MIN_VALUE);
  const x = (at: number) => BOX.left + (at / Math.max(1, known.length - 1)) * BOX.width;
  const y = (value: number) => BOX.top + (1 - Math.max(0, value) / most) * BOX.height;
  const path = known
    .map(({ value }, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  const [first, last] = [known[0], known.at(-1)];
  return (
    <figure className="xk-report-line">
      <svg viewBox="0 0 640 190" className="xk-curve" role="img" aria-label={t('line-of', { name })}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line
              x1={BOX.left}
              x2={BOX.left + BOX.width}
              y1={y(share * most)}
              y2={y(share * most)}
              className="xk-curve-grid"
            />
            <text x={BOX.left - 6} y={y(share * most) + 4} textAnchor="end">
              {short(share * most)}
            </text>
          </g>
        ))}
        <path d={path} className="xk-curve-line" />
        {known.length <= 40 &&
          known.map(({ value, group }, at) => (
            <circle key={group} cx={x(at)} cy={y(value)} r="3.5" className="xk-curve-asked" />
          ))}
        <text x={BOX.left} y="184">
          {first?.group}
        </text>
        <text x={BOX.left + BOX.width} y="184" textAnchor="end">
          {last?.group}
        </text>
      </svg>
      <details>
        <summary>{t('chart-table')}</summary>
        <GroupTable {...{ definition, figures, words, name }} />
      </details>
    </figure>
  );
}

/** An axis has room for four signs: 12.5万, 3亿 would differ by language; powers of ten do not. */
function short(value: number): string {
  if (value >= 1e9) return `${Number((value / 1e9).toPrecision(3))}G`;
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

function GroupTable({ definition, figures, words, name }: Part) {
  const t = useInsightText();
  const total = figures.totals[0];
  const [by] = definition.by;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a phone, so it scrolls, and what scrolls must be reached by keyboard
    <section className="xk-scroll" tabIndex={0} aria-label={t('table-of', { name })}>
      <table className="xk-plain-table">
        <thead>
          <tr>
            <th scope="col">{by && words.dimension(by)}</th>
            {definition.measures.map((measure) => (
              <th key={JSON.stringify(measure)} scope="col" className="xk-num">
                {words.measure(measure)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.rows.map(({ keys, values }) => (
            <tr key={JSON.stringify(keys)}>
              <th scope="row">
                <Behind {...{ definition, words, keys }}>{words.key(keys[0] ?? null, 0, figures.titles)}</Behind>
              </th>
              {definition.measures.map((measure, n) => (
                <td key={JSON.stringify(measure)} className="xk-num">
                  {words.figure(values[n] ?? null, n)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {total && (
          <tfoot>
            <tr>
              <th scope="row">{t('total')}</th>
              {definition.measures.map((measure, n) => (
                <td key={JSON.stringify(measure)} className="xk-num">
                  {words.figure(total.values[n] ?? null, n)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}

/** Two dimensions: the first down, the second across; of several measures the first. */
function PivotTable({ definition, figures, words, name }: Part) {
  const t = useInsightText();
  const pivot = pivotOf(figures, 0, definition.by[1]?.bucket !== undefined);
  const [down] = definition.by;
  const cell = (keys: FieldValue[], value: Figure) =>
    value === null ? (
      <span className="xk-muted">·</span>
    ) : (
      <Behind {...{ definition, words, keys }}>{words.figure(value, 0)}</Behind>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a phone, so it scrolls, and what scrolls must be reached by keyboard
    <section className="xk-scroll" tabIndex={0} aria-label={t('table-of', { name })}>
      <table className="xk-plain-table xk-pivot">
        <thead>
          <tr>
            <th scope="col">{down && words.dimension(down)}</th>
            {pivot.columns.map((column) => (
              <th key={JSON.stringify(column)} scope="col" className="xk-num">
                {words.key(column, 1, figures.titles)}
              </th>
            ))}
            <th scope="col" className="xk-num">
              {t('total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {pivot.rows.map(({ key, cells, total }) => (
            <tr key={JSON.stringify(key)}>
              <th scope="row">{words.key(key, 0, figures.titles)}</th>
              {cells.map((value, n) => (
                <td key={JSON.stringify(pivot.columns[n] ?? null)} className="xk-num">
                  {cell([key, pivot.columns[n] ?? null], value)}
                </td>
              ))}
              <td className="xk-num">{cell([key], total)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('total')}</th>
            {pivot.totals.map((value, n) => (
              <td key={JSON.stringify(pivot.columns[n] ?? null)} className="xk-num">
                {words.figure(value, 0)}
              </td>
            ))}
            <td className="xk-num">{words.figure(pivot.all, 0)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
