import type { ReactNode } from 'react';
import type { Filter } from '../../../domain/filter/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { percentWords, pointsWords, rangeWords, shareWords } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import type { QuarterReport } from './report.tsx';
import { dueWithin, RowsOf } from './rows-of.tsx';
import { useEvaluationText } from './texts.ts';

type Line = QuarterReport['all'];

/** Verifications below which a share gets no interval: it would be about ± 20 points wide. */
const FEWEST = 20;

/** Past due and what was found, by field, segment, duty and owner; worst first. */
export function ReportLines({ report }: { report: QuarterReport }) {
  const t = useEvaluationText();
  const label = useLabel();
  const catalog = useCatalog();
  const objectOf = (name: string) => catalog.objects.find((one) => one.name === name);
  const nameOf = (name: string) => label(objectOf(name)?.label) || name;
  const groups: { title: string; rows: { key: string; name: ReactNode; line: Line }[] }[] = [
    {
      title: t('by-field'),
      rows: worst(report.byField).map((line) => ({
        key: `${line.object}.${line.field}`,
        name: (
          <RowsOf object={line.object} filter={stale(report, line.field)}>
            {nameOf(line.object)} · {label(line.label)}
          </RowsOf>
        ),
        line,
      })),
    },
    {
      title: t('by-segment'),
      rows: worst(report.bySegment).map((line) => ({
        key: `${line.object} ${line.segment?.zh ?? ''}`,
        name: line.segment
          ? `${nameOf(line.object)} · ${label(line.segment)}`
          : t('no-segment', { object: nameOf(line.object) }),
        line,
      })),
    },
    {
      title: t('by-duty'),
      rows: report.byDuty.map((line) => ({
        key: line.duty,
        name: t('duty-people', { duty: t(`duty-${line.duty}`), n: line.people }),
        line,
      })),
    },
    {
      title: t('by-owner'),
      rows: report.byPerson.map((line) => ({
        key: line.person ?? '',
        name: (
          <RowsOf
            object="customer"
            filter={
              report.quarter.running && line.customers > 0
                ? dueWithin(report.at, 0, objectOf('customer')?.owner, line.person)
                : null
            }
          >
            {line.person === null ? t('nobody') : line.name}
          </RowsOf>
        ),
        line,
      })),
    },
  ].filter((group) => group.rows.length > 0);
  return (
    <Card title={t('lines-title')}>
      <p className="xk-muted">{t('lines-hint')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1, axe scrollable-region-focusable) */}
      <section className="xk-scroll" aria-label={t('lines-title')} tabIndex={0}>
        <table className="xk-plain-table xk-report-lines">
          <thead>
            <tr>
              <th scope="col">{t('past-what')}</th>
              <th scope="col">{t('col-values')}</th>
              <th scope="col">{t('col-expired')}</th>
              <th scope="col">{t('col-change')}</th>
              <th scope="col">{t('col-checked')}</th>
              <th scope="col">{t('col-wrong')}</th>
            </tr>
          </thead>
          <tbody>
            <Row name={t('past-all')} line={report.all} />
          </tbody>
          {groups.map((group) => (
            <tbody key={group.title}>
              <tr className="xk-policy-object">
                <th scope="rowgroup" colSpan={6}>
                  {group.title}
                </th>
              </tr>
              {group.rows.map(({ key, name, line }) => (
                <Row key={key} name={name} line={line} />
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </Card>
  );
}

/** Rows past due are those of now: of a quarter that is over there is nothing to open. */
const stale = (report: QuarterReport, field: string): Filter | null =>
  report.quarter.running ? { field, op: 'stale' } : null;

function worst<T extends Line>(lines: readonly T[]): T[] {
  return [...lines].sort((a, b) => (b.expired?.value ?? -1) - (a.expired?.value ?? -1));
}

function Row({ name, line }: { name: ReactNode; line: Line }) {
  const t = useEvaluationText();
  const lang = useLang();
  const n = line.confirmed + line.wrong;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{formatNumber(Math.round(line.values), lang)}</td>
      <td>{line.expired ? shareWords(line.expired) : '–'}</td>
      <td>{line.change ? pointsWords(line.change) : '–'}</td>
      <td>{formatNumber(n, lang)}</td>
      <td>
        {!line.found
          ? '–'
          : n < FEWEST
            ? t('wrong-few', { wrong: line.wrong, n })
            : t('wrong-line', { share: percentWords(line.found.value), range: rangeWords(line.found) })}
      </td>
    </tr>
  );
}
