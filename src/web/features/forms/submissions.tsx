import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Choice } from '../../ui/form-parts.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type FormView, formKeys, type SubmissionView } from './forms-api.ts';
import { useFormsText } from './texts.ts';
import './forms.css';

const PAGE = 30;
const STATES = ['open', 'all', 'created', 'proposed', 'same', 'held', 'junk', 'rejected'] as const;
type State = (typeof STATES)[number];

/** What came in, each with what became of it; what waits is decided here. */
export function Submissions({ form, onForm }: { form: string | undefined; onForm(form: string | undefined): void }) {
  const t = useFormsText();
  const [state, setState] = useState<State>('all');
  const forms = useQuery({
    queryKey: formKeys.list,
    queryFn: ({ signal }) => call(api.forms.list, { signal }),
  }).data?.forms;
  const list = useInfiniteQuery({
    queryKey: formKeys.submissions(form, state),
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(api.forms.submissions, {
        query: { limit: PAGE, form, before: pageParam, ...(state !== 'all' && { state }) },
        signal,
      }),
    getNextPageParam: (page) => page.next,
    // What is under way is done in a moment.
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.submissions.some((one) => one.state === 'received')) ? 2_000 : false,
  });
  if (list.error && !list.data) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  const rows = list.data?.pages.flatMap((page) => page.submissions);
  const chosen = forms?.find(({ id }) => id === form);
  return (
    <Card>
      <div className="xk-form-filters">
        <Choice
          label={t('filter-form')}
          value={form ?? ''}
          options={[['', t('all-forms')], ...(forms ?? []).map((one): [string, string] => [one.id, one.design.name])]}
          onChange={(next) => onForm(next || undefined)}
        />
        <Choice
          label={t('filter-state')}
          value={state}
          options={STATES.filter((one) => one !== 'held').map((one) => [one, t(`s-${one}`)])}
          onChange={(next) => setState(STATES.find((one) => one === next) ?? 'open')}
        />
      </div>
      {chosen && <Junk form={chosen} />}
      {!rows && <Skeleton lines={6} />}
      {rows?.length === 0 && (
        <EmptyState
          title={t(state === 'open' ? 'in-none-open' : 'in-none')}
          hint={t(state === 'open' ? 'in-none-open-hint' : 'in-none-hint')}
        />
      )}
      <ul className="xk-submissions">
        {rows?.map((one) => (
          <Submission key={one.id} one={one} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Card>
  );
}

const KINDS = ['proof', 'stale', 'fast', 'trap', 'address', 'busy', 'malformed'] as const;

/** What was refused at the door. */
function Junk({ form }: { form: FormView }) {
  const t = useFormsText();
  const list = KINDS.flatMap((kind) => (form.junk[kind] ? [t(`junk-${kind}`, { n: form.junk[kind] })] : []));
  if (list.length === 0) return null;
  return <p className="xk-muted">{t('junk-line', { list: list.join(' · ') })}</p>;
}

type Decision = { do: 'create' } | { do: 'attach'; object: string; record: string } | { do: 'reject' };

function Submission({ one }: { one: SubmissionView }) {
  const t = useFormsText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const format = useDateFormat(DAY_AND_TIME);
  const decide = useMutation({
    mutationFn: (body: Decision) => call(api.forms.decide, { params: { id: one.id }, body }),
    onSuccess: (_view, { do: what }) => toasts.success(t(`${what}-done`)),
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: formKeys.all }),
  });
  const waits = one.answers.length > 0 && (one.state === 'held' || one.state === 'junk' || one.state === 'rejected');
  return (
    <li>
      <div className="xk-submission-head">
        <Badge tone={one.state === 'created' ? 'brand' : one.state === 'held' ? 'warn' : 'plain'}>
          {t(`s-${one.state}`)}
        </Badge>
        {one.record !== null && one.title !== null && (
          <Link to="/o/$object/$id" params={{ object: one.object, id: one.record }}>
            <strong>{one.title}</strong>
          </Link>
        )}
        {one.record === null && (one.state === 'created' || one.state === 'proposed' || one.state === 'same') && (
          <span>{t('no-sight')}</span>
        )}
        {one.state === 'proposed' && <Link to="/review">{t('to-review')}</Link>}
        <span className="xk-muted">
          {one.formName} · {format.format(new Date(one.at))}
          {one.decidedByName !== null && ` · ${t('by', { name: one.decidedByName })}`}
        </span>
      </div>
      {one.why !== null && <p className="xk-submission-why">{one.why}</p>}
      {one.answers.length > 0 && (
        <dl>
          {one.answers.map(({ label: of, value }) => (
            <div key={of.zh}>
              <dt>{label(of)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {waits && one.candidates.length + one.candidatesHidden > 0 && (
        <p>
          {t('candidates')}{' '}
          {one.candidates.map(({ object, id, title }) => (
            <Link key={id} className="xk-form-candidate" to="/o/$object/$id" params={{ object, id }} target="_blank">
              {title}
            </Link>
          ))}
          {one.candidatesHidden > 0 && <span className="xk-muted">{t('hidden', { n: one.candidatesHidden })}</span>}
        </p>
      )}
      {waits && (
        <p className="xk-form-actions">
          {one.candidates.map(({ object, id, title }) => (
            <Button
              key={id}
              size="small"
              loading={decide.isPending}
              onClick={() => decide.mutate({ do: 'attach', object, record: id })}
            >
              {t('attach', { title })}
            </Button>
          ))}
          <Button size="small" loading={decide.isPending} onClick={() => decide.mutate({ do: 'create' })}>
            {t('create')}
          </Button>
          {one.state === 'held' && (
            <Button size="small" type="text" loading={decide.isPending} onClick={() => decide.mutate({ do: 'reject' })}>
              {t('reject')}
            </Button>
          )}
        </p>
      )}
    </li>
  );
}
