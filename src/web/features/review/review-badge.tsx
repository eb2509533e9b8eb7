import { useMay } from '../../api/query.ts';
import { useOpenCount } from './review-api.ts';

/** How many wait: of all for who answers for the quality of data, of his own records for others, as the page shows first. */
export function ReviewBadge() {
  const { data } = useOpenCount();
  const all = useMay('quality');
  const n = all ? data?.all : data?.mine;
  if (!data || !n) return null;
  return <span className="xk-nav-count">{n >= data.most ? `${data.most - 1}+` : n}</span>;
}
