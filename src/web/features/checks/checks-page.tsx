import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { checks } from '../../../contract/checks.ts';
import { call } from '../../api/client.ts';
import { keys, useCatalog, useMay } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { Campaigns } from './campaigns.tsx';
import { FrequencyFeedback } from './frequency-feedback.tsx';
import { isLate } from './late.ts';
import { useCheckText } from './texts.ts';
import '../../ui/plain.css';
import './checks.css';

type Mine = z.infer<NonNullable<typeof checks.mine.response>>['checks'][number];

/** What waits for me, and for administrators all checks with their figures. @param recheck whose finds a new re-check is of */
export function ChecksPage({ recheck }: { recheck: string | null }) {
  const t = useCheckText();
  const may = useMay('quality');
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'checks', 'mine'],
    queryFn: ({ signal }) => call(api.checks.mine, { signal }),
  });
  return (
    <div className="xk-checks-page">
      {error && !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Card title={t('mine-title')}>
          {!data && <Skeleton lines={3} />}
          {data?.checks.length === 0 && <p className="xk-muted">{t('mine-none')}</p>}
          <ul className="xk-checks">
            {data?.checks.map((check) => (
              <MyCheck key={check.id} check={check} />
            ))}
          </ul>
        </Card>
      )}
      {/* One after the other: the first brings what was just verified into the figures, and only one can. */}
      {may && (data || error) && <Campaigns recheck={recheck} />}
      <FrequencyFeedback />
    </div>
  );
}

function MyCheck({ check }: { check: Mine }) {
  const t = useCheckText();
  const label = useLabel();
  const day = useDateFormat({ dateStyle: 'medium' });
  const object = useCatalog().objects.find((one) => one.name === check.object);
  const fields = check.fields.map((name) => label(object?.fields.find((field) => field.name === name)?.label) || name);
  const left = check.records - check.done;
  return (
    <li>
      <div className="xk-check-head">
        <div>
          <strong>{check.name}</strong>{' '}
          <span className="xk-muted">
            {t(`check-${check.kind}`)} · {label(object?.label)} · {fields.join(t('comma'))}
            {check.endsAt !== null && ` · ${t('ends-on', { day: day.format(new Date(check.endsAt)) })}`}
          </span>{' '}
          {left > 0 && isLate(check.endsAt) && <span className="xk-over">{t('late')}</span>}
        </div>
        <progress
          aria-label={`${check.name}: ${t('check-progress', { done: check.done, n: check.records })}`}
          max={Math.max(1, check.records)}
          value={check.done}
        />
        <span className="xk-num">{left > 0 ? t('mine-left', { n: left }) : t('mine-done')}</span>
      </div>
      {check.items.length > 0 && (
        <ul className="xk-check-items">
          {check.items.map((item) => (
            <li key={item.record}>
              <Link to="/o/$object/$id" params={{ object: check.object, id: item.record }}>
                {item.title}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
