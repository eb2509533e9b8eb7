import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { LeafMark, leafState } from '../../ui/leaf.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { DueBars } from './due-bars.tsx';
import { FigureCard } from './figure-card.tsx';
import { figuresOf, type Health } from './figures.ts';
import { NextActions } from './next-actions.tsx';
import { OwnerTable } from './owner-table.tsx';
import { useHealthText } from './texts.ts';
import '../../ui/link-button.css';
import './health.css';

/** How good the information of one object is, and what to do about it. */
export function HealthReport({ object, importId }: { object: string; importId: string | null }) {
  const t = useHealthText();
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.health, object, importId],
    queryFn: ({ signal }): Promise<Health> =>
      call(api.freshness.health, { query: { object, ...(importId && { import: importId }) }, signal }),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={12} />;
  if (data.records === 0)
    return (
      <EmptyState
        title={t('none-title')}
        hint={t('none-hint')}
        action={
          <Link to="/import" className="xk-link-button xk-link-primary">
            {t('go-import')}
          </Link>
        }
      />
    );
  return (
    <div className="xk-health">
      <Summary health={data} first={importId !== null} />
      <div className="xk-health-two">
        <NextActions health={data} />
        <DueBars health={data} />
      </div>
      <div className="xk-health-two">
        {figuresOf(data).map((figure) => (
          <FigureCard key={figure.name} object={data.object} figure={figure} />
        ))}
      </div>
      <OwnerTable health={data} />
    </div>
  );
}

/** The one figure with its four parts; never one without the others. After an import, with a calm welcome. */
function Summary({ health, first }: { health: Health; first: boolean }) {
  const t = useHealthText();
  const time = useDateFormat(DAY_AND_TIME);
  return (
    <section className={`xk-card xk-summary${first ? ' xk-summary-first' : ''}`}>
      {first && (
        <div className="xk-summary-welcome">
          <h2>{t('first-title')}</h2>
          <p>{t('first-hint', { n: health.records })}</p>
        </div>
      )}
      <div className="xk-summary-figures">
        <div className="xk-summary-main" title={t('weights')}>
          <Ring value={health.health} label={`${t('overall')} ${formatShare(health.health)}`} />
          <div>
            <strong>{t('overall')}</strong>
            <span className="xk-muted">{t('records', { n: health.records })}</span>
            <span className="xk-muted">{t('at-time', { time: time.format(new Date(health.at)) })}</span>
          </div>
        </div>
        <dl>
          {figuresOf(health).map((figure) => {
            const leaf = leafState(figure.value);
            return (
              <div key={figure.name}>
                <dt>{t(figure.name)}</dt>
                <dd className={`xk-num xk-tone-${leaf}`}>
                  <LeafMark state={leaf} size={16} /> {formatShare(figure.value)}
                </dd>
              </div>
            );
          })}
        </dl>
      </div>
      <p className="xk-muted xk-summary-weights">{t('weights')}</p>
    </section>
  );
}

const radius = 34;
const round = 2 * Math.PI * radius;

function Ring({ value, label }: { value: number; label: string }) {
  return (
    <svg viewBox="0 0 84 84" width="84" height="84" role="img" aria-label={label}>
      <circle cx="42" cy="42" r={radius} fill="none" stroke="var(--xk-line)" strokeWidth="8" />
      <circle
        cx="42"
        cy="42"
        r={radius}
        fill="none"
        stroke={`var(--xk-${leafState(value)})`}
        strokeWidth="8"
        strokeLinecap="round"
        strokeDasharray={`${value * round} ${round}`}
        transform="rotate(-90 42 42)"
      />
      <text x="42" y="48" textAnchor="middle" fontSize="18" fontWeight="650" fill="currentColor">
        {formatShare(value)}
      </text>
    </svg>
  );
}
