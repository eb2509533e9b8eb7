import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { HandoverView } from '../../../contract/ownership.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useNoun } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useOwnershipText } from './texts.ts';
import './ownership.css';

const KEY = ['ownership', 'handovers'] as const;

/** Who left, to whom his records went, how far it is, and taking it back. */
export function HandoverList() {
  const t = useOwnershipText();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => call(api.ownership.handovers, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.handovers.some((one) => one.state === 'running') ? 1000 : false),
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.handovers.length === 0) return <EmptyState title={t('handovers-none')} hint={t('handovers-hint')} />;
  return (
    <section className="xk-card">
      {data.handovers.map((one) => (
        <HandoverLine key={one.id} handover={one} />
      ))}
    </section>
  );
}

function HandoverLine({ handover }: { handover: HandoverView }) {
  const t = useOwnershipText();
  const noun = useNoun();
  const toasts = useToasts();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const moment = useDateFormat({ dateStyle: 'medium', timeStyle: 'short' });
  const undo = useMutation({
    mutationFn: () => call(api.ownership.undo, { params: { id: handover.id } }),
    onSuccess: () => toasts.success(t('undo-done')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const labelOf = (name: string) => noun(objects.find((one) => one.name === name)?.plural);
  const { name, state } = handover;
  return (
    <div className="xk-own-found">
      <span>
        <strong>{name}</strong>{' '}
        <Badge tone={state === 'done' ? 'brand' : state === 'failed' ? 'warn' : 'plain'}>{t(`state-${state}`)}</Badge>
        <br />
        <span className="xk-muted">
          {t('line-by', { actor: handover.actorName, at: moment.format(new Date(handover.at)) })}
          {handover.reason && ` · ${handover.reason}`}
        </span>
        <ul className="xk-own-list">
          {handover.runs.map(({ object, done, total, changed, receivers, error }) => (
            <li key={object}>
              {state === 'running'
                ? t('part', { object: labelOf(object), done: done.toLocaleString(), total: total.toLocaleString() })
                : t('part-done', { object: labelOf(object), n: changed.toLocaleString() })}
              <span className="xk-muted">
                {error ??
                  receivers.map((one) => t('gets', { name: one.name, n: one.count.toLocaleString() })).join(t('comma'))}
              </span>
            </li>
          ))}
        </ul>
      </span>
      {(state === 'done' || state === 'failed') && handover.runs.length > 0 && (
        <Button size="small" loading={undo.isPending} aria-label={t('undo-of', { name })} onClick={() => undo.mutate()}>
          {t('undo')}
        </Button>
      )}
    </div>
  );
}
