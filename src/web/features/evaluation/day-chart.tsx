import { percentWords, shareWords } from '../../i18n/estimates.ts';
import type { QuarterReport } from './report.tsx';
import { useEvaluationText } from './texts.ts';

const DAY_MS = 86_400_000;
const BOX = { left: 66, top: 14, width: 680, height: 148 };

/** Share past due on each day of the quarter that was kept, with the band of its error; the figures beside it as a table. */
export function DayChart({ days, quarter }: Pick<QuarterReport, 'days' | 'quarter'>) {
  const t = useEvaluationText();
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const length = Math.max(1, (Date.parse(quarter.end) - Date.parse(quarter.first)) / DAY_MS - 1);
  const most = Math.max(0.05, ...days.map((day) => day.expired + day.error)) * 1.08;
  const x = (day: string) => BOX.left + ((Date.parse(day) - Date.parse(quarter.first)) / DAY_MS / length) * BOX.width;
  const y = (share: number) => BOX.top + (1 - Math.min(1, Math.max(0, share) / most)) * BOX.height;
  const point = (day: string, share: number) => `${x(day).toFixed(1)} ${y(share).toFixed(1)}`;
  const line = days.map((day, i) => `${i === 0 ? 'M' : 'L'}${point(day.day, day.expired)}`).join('');
  const band = [
    ...days.map((day) => point(day.day, day.expired + day.error)),
    ...[...days].reverse().map((day) => point(day.day, day.expired - day.error)),
  ].join('L');
  return (
    <figure className="xk-days">
      <figcaption>{t('chart-title')}</figcaption>
      <svg
        viewBox="0 0 760 196"
        className="xk-curve"
        role="img"
        aria-label={t('chart-label', {
          first: first.day,
          last: last.day,
          from: percentWords(first.expired),
          to: percentWords(last.expired),
        })}
      >
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line
              x1={BOX.left}
              x2={BOX.left + BOX.width}
              y1={y(part * most)}
              y2={y(part * most)}
              className="xk-curve-grid"
            />
            <text x={BOX.left - 6} y={y(part * most) + 4} textAnchor="end">
              {Math.round(part * most * 100)}%
            </text>
          </g>
        ))}
        {days.some((day) => day.error > 0) && <path d={`M${band}Z`} className="xk-days-band" />}
        <path d={line} className="xk-curve-line" />
        {days.length < 8 &&
          days.map((day) => (
            <circle key={day.day} cx={x(day.day)} cy={y(day.expired)} r="4" className="xk-curve-asked" />
          ))}
        <text x={BOX.left} y="190">
          {quarter.first}
        </text>
        <text x={BOX.left + BOX.width} y="190" textAnchor="end">
          {quarter.last}
        </text>
      </svg>
      <details>
        <summary>{t('chart-table')}</summary>
        <table className="xk-plain-table">
          <thead>
            <tr>
              <th scope="col">{t('chart-day')}</th>
              <th scope="col">{t('col-expired')}</th>
              <th scope="col">{t('chart-belief')}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{day.day}</th>
                <td>{shareWords({ value: day.expired, error: day.error })}</td>
                <td>{percentWords(day.belief)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
