import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang, useNoun } from '../../i18n/core.ts';
import { percentWords, pointsRange, rangeWords, signed } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import type { QuarterReport } from './report.tsx';
import { RowsOf } from './rows-of.tsx';
import { useEvaluationText } from './texts.ts';

type Outcome = QuarterReport['outcomes'][number];
type Figures = NonNullable<Outcome['figures']>;

/** What went wrong beside how stale data was: counts, shares, intervals; whether they go together, never why. */
export function Outcomes({ report }: { report: QuarterReport }) {
  const t = useEvaluationText();
  if (report.outcomes.length === 0) return null;
  return (
    <Card title={t('outcomes-title')}>
      <p className="xk-muted">{t('outcomes-hint')}</p>
      {report.outcomes.map((outcome) => (
        <OutcomePart key={outcome.id} outcome={outcome} />
      ))}
    </Card>
  );
}

function OutcomePart({ outcome }: { outcome: Outcome }) {
  const t = useEvaluationText();
  const label = useLabel();
  const noun = useNoun();
  const field = useCatalog()
    .objects.find((one) => one.name === outcome.object)
    ?.fields.find((one) => one.name === outcome.field);
  const { figures } = outcome;
  return (
    <section className="xk-outcome" aria-label={label(outcome.label)}>
      <h3>{label(outcome.label)}</h3>
      {figures?.customers === 0 ? (
        <p className="xk-muted">{t('outcome-nobody')}</p>
      ) : figures ? (
        <>
          <p className="xk-muted">
            {t('outcome-among', { among: label(outcome.among) })}
            {' · '}
            {t('outcome-known', { n: figures.customers, known: figures.known })}{' '}
            <RowsOf object={outcome.object} filter={{ field: outcome.field, op: 'in', value: outcome.bad }}>
              {t('outcome-rows')}
            </RowsOf>
          </p>
          {figures.known > 0 && <OutcomeTable name={label(outcome.label)} figures={figures} />}
          <Said name={label(outcome.label)} figures={figures} />
        </>
      ) : (
        <p className="xk-muted">
          {t('outcome-none', { field: noun(field?.label) || outcome.field, label: label(outcome.label) })}
        </p>
      )}
    </section>
  );
}

function OutcomeTable({ name, figures }: { name: string; figures: Figures }) {
  const t = useEvaluationText();
  const lang = useLang();
  return (
    <table className="xk-plain-table">
      <thead>
        <tr>
          <th scope="col">{t('outcome-data')}</th>
          <th scope="col">{t('outcome-customers')}</th>
          <th scope="col">{t('outcome-hits', { label: name })}</th>
          <th scope="col">{t('outcome-share')}</th>
        </tr>
      </thead>
      <tbody>
        {(['stale', 'fresh'] as const).map((which) => {
          const { n, hits, share } = figures[which];
          return (
            <tr key={which}>
              <th scope="row">{t(which)}</th>
              <td>{formatNumber(n, lang)}</td>
              <td>{formatNumber(hits, lang)}</td>
              <td>{n === 0 ? '–' : t('wrong-line', { share: percentWords(share.value), range: rangeWords(share) })}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Said({ name, figures }: { name: string; figures: Figures }) {
  const t = useEvaluationText();
  const { verdict, difference, exact, overdue } = figures;
  if (verdict === 'few') return <p>{t('few')}</p>;
  const apart = overdue.difference;
  return (
    <p>
      {t(exact === null ? verdict : `${verdict}-exact`, {
        points: signed(difference.value * 100),
        range: pointsRange(difference),
        p: exact === null || exact >= 0.001 ? (exact ?? 0).toFixed(3) : '< 0.001',
      })}
      {overdue.bad !== null && overdue.rest !== null && (
        <span className="xk-muted">
          {' '}
          {t('overdue', { label: name, bad: percentWords(overdue.bad), rest: percentWords(overdue.rest) })}
          {apart?.interval &&
            t('overdue-range', { points: signed(apart.value * 100), range: pointsRange(apart.interval) })}
        </span>
      )}
    </p>
  );
}
