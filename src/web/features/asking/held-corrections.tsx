import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { Card } from '../../ui/page.tsx';
import { useAskingText } from './texts.ts';

/** How many corrections wait for a person, with the way to them. Nothing when there are none. */
export function HeldCorrections() {
  const t = useAskingText();
  const { data } = useQuery({
    queryKey: [...keys.proposals, 'facets', 'answers'],
    queryFn: ({ signal }) => call(api.proposals.facets, { query: { from: 'customer' }, signal }),
  });
  if (!data || data.total === 0) return null;
  return (
    <Card>
      <p className="xk-held">
        <span>{t('held', { n: data.total })}</span>
        <Link to="/review" search={{ from: 'customer', owner: 'all' }}>
          {t('held-go')} →
        </Link>
      </p>
    </Card>
  );
}
