import { Button } from 'antd';
import { useLabel } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import type { Listed } from './deal-list.tsx';
import { useSalesText } from './texts.ts';
import type { FunnelReply } from './use-sales.ts';

/** Stages from top to bottom: how many came, how many went on, how long they stayed. Every figure opens its deals. */
export function Funnel({ found, onList }: { found: FunnelReply; onList(list: Listed): void }) {
  const t = useSalesText();
  const label = useLabel();
  const most = Math.max(1, ...found.steps.map((step) => step.reached.n));
  const figure = (what: string, some: { n: number; ids: string[] }) => (
    <Button
      type="link"
      size="small"
      className="xk-num"
      disabled={some.n === 0}
      onClick={() => onList({ what, ...some })}
    >
      {some.n}
    </Button>
  );
  return (
    <>
      <p className="xk-muted">
        {t('funnel-of', { n: found.deals })}
        {found.cameFinished > 0 && ` ${t('funnel-finished', { n: found.cameFinished })}`}
        {found.clipped && ` ${t('funnel-clipped')}`}
      </p>
      <div className="xk-scroll">
        <table className="xk-plain-table xk-funnel">
          <thead>
            <tr>
              <th scope="col">{t('stage')}</th>
              <th scope="col">{t('reached')}</th>
              <th scope="col">{t('here')}</th>
              <th scope="col">{t('onward')}</th>
              <th scope="col">{t('stay')}</th>
            </tr>
          </thead>
          <tbody>
            {found.steps.map(({ stage, reached, here, onward, stay }) => (
              <tr key={stage.value}>
                <th scope="row">
                  <span className="xk-funnel-name">{label(stage.label)}</span>
                  <span className="xk-funnel-bar" aria-hidden="true">
                    <span style={{ width: `${(100 * reached.n) / most}%` }} />
                  </span>
                </th>
                <td>{figure(`${label(stage.label)} · ${t('reached')}`, reached)}</td>
                <td>{figure(`${label(stage.label)} · ${t('here')}`, here)}</td>
                <td>
                  {onward ? (
                    <>
                      <strong>{formatShare(onward.value)}</strong>{' '}
                      <span className="xk-muted">
                        {t('between', {
                          low: formatShare(onward.low),
                          high: formatShare(onward.high),
                          n: onward.n,
                        })}
                      </span>
                    </>
                  ) : (
                    <span className="xk-muted">{t('none')}</span>
                  )}
                </td>
                <td>
                  {stay.n === 0 ? (
                    <span className="xk-muted">{t('none')}</span>
                  ) : (
                    <>
                      {stay.days === null ? (
                        <span className="xk-muted">{t('stay-unknown')}</span>
                      ) : (
                        <strong>{t('days', { n: Math.max(1, Math.round(stay.days)) })}</strong>
                      )}{' '}
                      <span className="xk-muted">({t('stay-n', { n: stay.n, ongoing: stay.ongoing })})</span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl className="xk-sales-sum">
        <div>
          <dt>{t('win-rate')}</dt>
          <dd>{found.winRate ? formatShare(found.winRate.value) : '—'}</dd>
          <dd className="xk-muted">
            {found.winRate
              ? t('win-rate-hint', {
                  n: found.winRate.n,
                  low: formatShare(found.winRate.low),
                  high: formatShare(found.winRate.high),
                })
              : t('win-rate-none')}
          </dd>
        </div>
        {(['won', 'lost'] as const).map((end) => (
          <div key={end}>
            <dt>{t(end)}</dt>
            <dd>{figure(t(end), found[end])}</dd>
          </div>
        ))}
      </dl>
      <p className="xk-muted xk-sales-note">
        {t('onward-hint')} {t('stay-hint')}
      </p>
    </>
  );
}
