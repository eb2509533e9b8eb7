import type { Filter } from '../../../domain/filter/types.ts';
import { useObject } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { formatNumber, formatShare } from '../../i18n/phrase.ts';
import { Leaf } from '../../ui/leaf.tsx';
import { Card } from '../../ui/page.tsx';
import type { Health } from './figures.ts';
import { RowsLink } from './rows-link.tsx';
import { useHealthText } from './texts.ts';

/** Whose records are how fresh. Not a ranking: sorted by number of records. */
export function OwnerTable({ health }: { health: Health }) {
  const t = useHealthText();
  const lang = useLang();
  const field = useObject(health.object)?.owner;
  if (health.byOwner.length === 0) return null;
  const rowsOf = (owner: string | null): Filter | null =>
    !field ? null : owner === null ? { field, op: 'empty' } : { field, op: 'eq', value: owner };
  return (
    <Card title={t('owners-title')}>
      <table className="xk-owners">
        <thead>
          <tr>
            <th scope="col">{t('owner')}</th>
            <th scope="col">{t('owner-records')}</th>
            <th scope="col">{t('owner-freshness')}</th>
            <th scope="col">{t('owner-completeness')}</th>
          </tr>
        </thead>
        <tbody>
          {[...health.byOwner]
            .sort((a, b) => b.records - a.records)
            .map((one) => (
              <tr key={one.owner}>
                <th scope="row">
                  <RowsLink object={health.object} filter={rowsOf(one.owner)}>
                    {one.owner === null ? t('owner-none') : one.name}
                  </RowsLink>
                </th>
                <td className="xk-num">{formatNumber(one.records, lang)}</td>
                <td>
                  <Leaf confidence={one.freshness} size={14} />
                </td>
                <td className="xk-num">{formatShare(one.completeness)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </Card>
  );
}
