import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Proposal } from '../../../contract/proposals.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { useSession } from '../../api/query.ts';
import { useDoneToast } from '../../api/use-undo.tsx';
import { formatMoment } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { askKeys, refreshAsks } from './asking-api.ts';
import { useAskingText } from './texts.ts';

type Suspicion = NonNullable<Proposal['fields'][number]['suspicion']>;

/** Corrections that wait for a person: what stands there, what the customer says, one tap. Nothing when there are none. */
export function HeldCorrections() {
  const t = useAskingText();
  const { data } = useQuery({
    queryKey: askKeys.proposals,
    queryFn: ({ signal }) => call(api.proposals.list, { query: { state: 'held', limit: 50 }, signal }),
  });
  const visible = data?.proposals.filter((proposal) => proposal.fields.length > 0) ?? [];
  if (visible.length === 0) return null;
  return (
    <Card title={`${t('held')} (${visible.length})`}>
      <ul className="xk-asks">
        {visible.map((proposal) => (
          <Held key={proposal.id} proposal={proposal} />
        ))}
      </ul>
    </Card>
  );
}

function Held({ proposal }: { proposal: Proposal }) {
  const t = useAskingText();
  const label = useLabel();
  const toasts = useToasts();
  const done = useDoneToast();
  const client = useQueryClient();
  const { workspace } = useSession();
  const [outdated, setOutdated] = useState<string | null>(null);
  const params = { id: proposal.id };
  const withMeant = proposal.fields.filter((field) => field.suspicion?.meantText !== undefined);
  const meant = withMeant.map(({ field }) => field);
  const meantText = withMeant.map(({ suspicion }) => suspicion?.meantText ?? '').join(' · ');
  const accept = useMutation({
    mutationFn: (meant: string[]) =>
      call(api.proposals.accept, { params, body: { overwrite: outdated !== null, meant } }),
    onSuccess: ({ changeSet }) => {
      done(t('accepted'), changeSet);
      void refreshAsks(client);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'proposal-outdated') setOutdated(sentence(error));
      else toasts.error(sentence(error));
    },
  });
  const reject = useMutation({
    mutationFn: () => call(api.proposals.reject, { params, body: {} }),
    onSuccess: () => toasts.success(t('rejected')),
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => refreshAsks(client),
  });
  return (
    <li>
      <h3>
        <Link to="/o/$object/$id" params={{ object: proposal.object, id: proposal.record }}>
          {proposal.title}
        </Link>
      </h3>
      <p className="xk-muted">
        {t('held-from', {
          who: whoOf(proposal, t('held-customer')),
          at: formatMoment(proposal.at, workspace.timeZone),
        })}
      </p>
      <dl className="xk-held">
        {proposal.fields.map((field) => (
          <div key={field.field}>
            <dt>{label(field.label)}</dt>
            <dd>
              <del>{field.beforeText}</del> → <ins>{field.wantedText === '' ? t('cleared') : field.wantedText}</ins>
              {field.suspicion && <p className="xk-muted">{whyOf(t, field.suspicion)}</p>}
            </dd>
          </div>
        ))}
      </dl>
      {outdated && (
        <p role="alert" className="xk-field-invalid">
          {outdated}
        </p>
      )}
      <span className="xk-ask-tools">
        <Button
          size="small"
          type={meant.length > 0 ? 'default' : 'primary'}
          aria-label={t('accept-for', { title: proposal.title })}
          loading={accept.isPending}
          onClick={() => accept.mutate([])}
        >
          {outdated ? t('overwrite') : t('accept')}
        </Button>
        {meant.length > 0 && (
          <Button
            size="small"
            type="primary"
            aria-label={t('accept-meant-for', { title: proposal.title, value: meantText })}
            loading={accept.isPending}
            onClick={() => accept.mutate(meant)}
          >
            {t('accept-meant', { value: meantText })}
          </Button>
        )}
        <Button
          size="small"
          aria-label={t('reject-for', { title: proposal.title })}
          loading={reject.isPending}
          onClick={() => reject.mutate()}
        >
          {t('reject')}
        </Button>
      </span>
    </li>
  );
}

/** A customer's answer names him in its reason; of a colleague's change, who made it and why. */
function whoOf({ source, actorName, reason }: Proposal, customer: string): string {
  if (source === 'customer') return reason ?? (actorName || customer);
  return [actorName, reason].filter(Boolean).join(' · ') || customer;
}

/** Why a value was held, in words. */
function whyOf(t: ReturnType<typeof useAskingText>, { code, times, usualText }: Suspicion): string {
  const factor = String(Number(Math.max(times, 1 / times).toPrecision(2)));
  return t(`held-${code}`, { times: factor, usual: usualText });
}
