import { useLang } from '../../i18n/core.ts';
import { formatNumber, formatShare } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import { dueBars, type Health } from './figures.ts';
import { RowsLink } from './rows-link.tsx';
import { useHealthText } from './texts.ts';

/** What is past due now and what will be if nobody does anything. */
export function DueBars({ health }: { health: Health }) {
  const t = useHealthText();
  const lang = useLang();
  return (
    <Card title={t('due-title')} extra={<span className="xk-muted">{t('due-hint')}</span>}>
      <ul className="xk-due">
        {dueBars(health).map((bar) => (
          <li key={bar.key}>
            <RowsLink object={health.object} filter={bar.count > 0 ? bar.filter : null} className="xk-due-line">
              <span>{t(`due-${bar.key}`)}</span>
              <strong className="xk-num">{formatNumber(bar.count, lang)}</strong>
              <span className="xk-bar" aria-hidden="true">
                <span className={`xk-due-${bar.key}`} style={{ width: `${bar.share * 100}%` }} />
              </span>
              <span className="xk-muted xk-num">{formatShare(bar.share)}</span>
            </RowsLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}
