import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { api } from '../../../contract/api.ts';
import type { RetentionRule } from '../../../contract/retention.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { DAY, privacyKeys } from './privacy-api.ts';
import { usePrivacyText } from './texts/texts.ts';

const YEAR = 365;

/** Whom a rule has named; until the grace ends each can be kept. */
export function CaseDrawer({ rule, onClose }: { rule: RetentionRule; onClose(): void }) {
  const t = usePrivacyText();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const params = { id: rule.id };
  const { data, error, refetch } = useQuery({
    queryKey: [...privacyKeys.all, 'cases', rule.id],
    queryFn: async ({ signal }) => (await call(api.retention.cases, { params, signal })).cases,
  });
  const keep = useMutation({
    mutationFn: (record: string) => call(api.retention.keep, { params, body: { records: [record], days: YEAR } }),
    onSuccess: () => {
      toasts.success(t('kept'));
      void client.invalidateQueries({ queryKey: privacyKeys.all });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  return (
    <Drawer open size={520} title={t('cases-of', { name: rule.name })} onClose={onClose}>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={5} />}
      {data?.length === 0 && <p className="xk-muted">{t('cases-none')}</p>}
      <ul className="xk-privacy-list">
        {data?.map((one) => (
          <li key={one.record}>
            <span className="xk-privacy-what">
              {one.state === 'done' ? (
                <span>{one.title || t('erased-person')}</span>
              ) : (
                <Link to="/o/$object/$id" params={{ object: one.object, id: one.record }}>
                  {one.title}
                </Link>
              )}
              <p className="xk-privacy-words">
                {one.state === 'warned' && t('case-due', { day: day.format(new Date(one.dueAt)) })}
                {one.state === 'kept' && one.keptUntil && t('case-kept', { day: day.format(new Date(one.keptUntil)) })}
                {one.state === 'done' && t('case-done')}
                {one.invitedAt && ` · ${t('case-invited')}`}
              </p>
            </span>
            {one.state === 'warned' ? (
              <Button size="small" disabled={keep.isPending} onClick={() => keep.mutate(one.record)}>
                {t('keep-year')}
              </Button>
            ) : (
              <Badge>{t(one.state === 'kept' ? 'kept' : 'case-done').replace(/[。.]$/, '')}</Badge>
            )}
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
