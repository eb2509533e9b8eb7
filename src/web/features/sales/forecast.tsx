import { shortAmount } from '../../fields/short-amount.ts';
import { useLang } from '../../i18n/core.ts';
import { useSalesText } from './texts.ts';
import type { ForecastReply } from './use-sales.ts';

type Range = { value: number; low: number; high: number };
type Show = (range: Range) => { value: string; range: string };

/** What the open deals bring: by the chances the firm set, and by how such deals went before, with how well that would have done. */
export function Forecast({ found, days }: { found: ForecastReply; days: number }) {
  const t = useSalesText();
  const lang = useLang();
  const { weighted, history } = found;
  const money = { type: 'money' as const, ...(found.currency && { currency: found.currency }) };
  const amount = (value: number) => shortAmount(value, money, lang);
  const count = (value: number) => String(Math.round(value));
  const show: Show = ({ value, low, high }) => {
    const say = found.amount ? amount : count;
    return { value: say(value), range: t('range', { low: say(low), high: say(high) }) };
  };
  const told = history && (found.amount ? history : history.deals);
  return (
    <>
      <p className="xk-muted">{t('open', { n: found.open })}</p>
      <dl className="xk-sales-sum">
        {weighted && (
          <div>
            <dt>{t('weighted')}</dt>
            <dd>{amount(weighted.value)}</dd>
            <dd className="xk-muted">{t('weighted-hint', { n: weighted.counted, undated: weighted.undated })}</dd>
          </div>
        )}
        <div>
          <dt>{t('history')}</dt>
          {history && told ? (
            <>
              <dd>
                {show(told).value} <span className="xk-muted xk-sales-range">{show(told).range}</span>
              </dd>
              <dd className="xk-muted">
                {found.amount
                  ? t('history-deals', {
                      n: count(history.deals.value),
                      low: count(history.deals.low),
                      high: count(history.deals.high),
                    })
                  : t('history-counts')}
              </dd>
              <dd className="xk-muted">{t('history-hint', { n: history.learned, days })}</dd>
            </>
          ) : (
            <dd className="xk-muted">{t('history-few')}</dd>
          )}
        </div>
      </dl>
      <h3>{t('back')}</h3>
      <p className="xk-muted">{t('back-hint')}</p>
      {found.backTests.length === 0 ? (
        <p className="xk-muted">{t('back-none')}</p>
      ) : (
        <>
          <BackTests found={found} show={show} />
          <p>
            {t('back-score', { n: found.backTests.length, hits: found.backTests.filter((test) => test.within).length })}
          </p>
        </>
      )}
      <p className="xk-muted xk-sales-note">{t('unlike')}</p>
    </>
  );
}

function BackTests({ found, show }: { found: ForecastReply; show: Show }) {
  const t = useSalesText();
  const rows = found.backTests.map((test) => ({
    test,
    said: found.amount ? test.forecast : test.forecast.deals,
    came: found.amount ? test.came : test.cameDeals,
  }));
  const most = Math.max(1, ...rows.flatMap(({ said, came }) => [said.high, came]));
  const at = (value: number) => `${(100 * value) / most}%`;
  return (
    <div className="xk-scroll">
      <table className="xk-plain-table">
        <thead>
          <tr>
            <th scope="col">{t('back-at')}</th>
            <th scope="col">{t('back-said')}</th>
            <th scope="col">{t('back-came')}</th>
            <th scope="col">{t('back-result')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ test, said, came }) => (
            <tr key={test.at}>
              <th scope="row" className="xk-num">
                {test.at.slice(0, 10)}
              </th>
              <td>
                <strong>{show(said).value}</strong> <span className="xk-muted">({show(said).range})</span>
                <span className="xk-back-line" aria-hidden="true">
                  <span style={{ left: at(said.low), width: `${(100 * (said.high - said.low)) / most}%` }} />
                  <i style={{ left: at(came) }} className={test.within ? '' : 'xk-back-off'} />
                </span>
              </td>
              <td className="xk-num">{show({ value: came, low: came, high: came }).value}</td>
              <td className={test.within ? 'xk-muted' : 'xk-over'}>
                {test.within ? `✓ ${t('back-within')}` : `✕ ${t('back-outside')}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
