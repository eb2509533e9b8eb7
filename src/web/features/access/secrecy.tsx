import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { accessKeys } from './access-api.ts';
import { useAccessText } from './texts.ts';
import '../../ui/plain.css';

/** Fields that are hidden more than the work allows: often asked for, and then granted. */
export function Secrecy() {
  const t = useAccessText();
  const label = useLabel();
  const { objects } = useCatalog();
  const { data } = useQuery({
    queryKey: accessKeys.secrecy,
    queryFn: ({ signal }) => call(api.access.secrecy, { signal }),
  });
  if (!data) return <Skeleton lines={6} />;
  if (data.fields.length === 0) return <EmptyState title={t('secrecy-none', { days: data.days })} />;
  return (
    <section className="xk-card">
      <p className="xk-muted">{t('secrecy-hint', { days: data.days })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard */}
      <section className="xk-scroll" tabIndex={0} aria-label={t('secrecy')}>
        <table className="xk-plain-table">
          <thead>
            <tr>
              {(['object', 'field', 'asked', 'grants', 'askers'] as const).map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.fields.map((row) => (
              <tr key={`${row.object}.${row.field}`}>
                <td>{label(objects.find(({ name }) => name === row.object)?.label)}</td>
                <th scope="row">
                  {label(row.label)} {row.needless && <Badge tone="warn">{t('needless')}</Badge>}
                </th>
                <td>{row.asked}</td>
                <td>{row.granted}</td>
                <td>{row.people}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
