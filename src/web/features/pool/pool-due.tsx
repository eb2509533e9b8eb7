import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { poolKeys } from './pool-api.ts';
import { usePoolText } from './texts.ts';

/** What goes back soon: one’s own; of everybody for administrators. */
export function PoolDue() {
  const t = usePoolText();
  const { data, error, refetch } = useQuery({
    queryKey: poolKeys.due,
    queryFn: ({ signal }) => call(api.pool.due, { query: {}, signal }),
    staleTime: 0,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.records.length === 0) return <EmptyState title={t('due-empty')} />;
  return (
    <section className="xk-card xk-pool">
      <p className="xk-muted">{t('due-hint')}</p>
      <p className="xk-pool-days">
        {data.days.slice(0, 14).map(({ on, count }) => (
          <span key={on}>{t('due-day', { day: on.slice(5), n: count })}</span>
        ))}
      </p>
      <ul className="xk-pool-list">
        {data.records.map(({ object, record, title, ownerName, ruleName, on, warned, rule }) => (
          <li key={`${record} ${rule}`}>
            <div>
              <Link to="/o/$object/$id" params={{ object, id: record }}>
                {title}
              </Link>
              <span className="xk-pool-facts xk-muted">
                <span>{t('due-on', { day: on })}</span>
                <span>{ownerName}</span>
                <span>{t('due-rule', { rule: ruleName })}</span>
              </span>
            </div>
            {warned && <Badge tone="warn">{t('due-warned')}</Badge>}
          </li>
        ))}
      </ul>
    </section>
  );
}
