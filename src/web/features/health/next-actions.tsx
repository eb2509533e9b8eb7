import { ArrowRightOutlined } from '@ant-design/icons';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import type { Health } from './figures.ts';
import { RowsLink } from './rows-link.tsx';
import { useHealthText } from './texts.ts';

/** What to do first, in the order that helps most; each opens its rows. */
export function NextActions({ health }: { health: Health }) {
  const t = useHealthText();
  const label = useLabel();
  const lang = useLang();
  return (
    <Card title={t('actions-title')}>
      {health.actions.length === 0 ? (
        <p className="xk-muted">{t('actions-none')}</p>
      ) : (
        <ol className="xk-next">
          {health.actions.map((action) => {
            const filter = action.code === 'duplicate' ? 'duplicates' : action.filter;
            return (
              <li key={action.code + label(action.message)}>
                <RowsLink object={health.object} filter={filter} className="xk-next-line">
                  <strong className="xk-num">{formatNumber(action.count, lang)}</strong>
                  <span>{label(action.message)}</span>
                  {filter && <ArrowRightOutlined aria-hidden />}
                </RowsLink>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}
