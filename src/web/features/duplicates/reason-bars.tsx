import { useLabel } from '../../i18n/core.ts';
import { likeness, type Pair, signed, waterfallOf, withoutScore } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';

/** Why two records are taken for one: every field in words, with its weight and a bar to the right (for) or left (against). */
export function ReasonBars({ pair, label: names }: { pair: Pair; label: string }) {
  const t = useDuplicatesText();
  const label = useLabel();
  const { steps, base } = waterfallOf(pair);
  return (
    <section className="xk-reasons" aria-label={names}>
      <ul>
        {steps.map(({ column, level, total, share, sentence }) => (
          <li key={`${column} ${level}`}>
            <span>{withoutScore(label(sentence))}</span>
            <span className="xk-reason-bar" aria-hidden="true">
              <span className={total < 0 ? 'xk-against' : 'xk-for'} style={{ width: `${share * 50}%` }} />
            </span>
            <strong className="xk-num">{signed(total)}</strong>
          </li>
        ))}
        <li className="xk-muted">
          <span>{t('base')}</span>
          <span className="xk-num">{signed(base)}</span>
        </li>
      </ul>
      <p title={t('one-bit')}>{t('total', { score: signed(pair.score), share: likeness(pair.probability) })}</p>
    </section>
  );
}
