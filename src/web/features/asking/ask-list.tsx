import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Ask } from '../../../contract/asking.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useSession } from '../../api/query.ts';
import { formatMoment } from '../../fields/format.ts';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { askKeys, refreshAsks } from './asking-api.ts';
import { type MadeLink, MadeLinks } from './made-links.tsx';
import { useAskingText } from './texts.ts';

/** Requests with each person's state: of one record (folded, in the dialog), or of all that one may see. */
export function AskList({
  record,
  census,
  state = 'all',
}: {
  record?: { object: string; id: string };
  /** Those of one round. */
  census?: string;
  state?: 'open' | 'all';
}) {
  const t = useAskingText();
  const list = useInfiniteQuery({
    queryKey: askKeys.list(state, record?.id ?? census),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      call(api.asking.list, { query: { ...record, census, state, limit: record ? 5 : 30, before: pageParam }, signal }),
    getNextPageParam: (page) => page.next,
  });
  const asks = list.data?.pages.flatMap((page) => page.asks) ?? [];
  if (record) {
    if (asks.length === 0) return null;
    return (
      <details>
        <summary>{t('earlier', { n: asks.length })}</summary>
        <Asks asks={asks} titled={false} />
      </details>
    );
  }
  if (list.isPending) return <Skeleton lines={6} />;
  if (asks.length === 0)
    return (
      <EmptyState
        title={t('list-empty')}
        hint={t('list-empty-hint')}
        action={<Link to="/customers">{t('to-customers')}</Link>}
      />
    );
  return (
    <>
      <Asks asks={asks} titled />
      {list.hasNextPage && (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('more-asks')}
        </Button>
      )}
    </>
  );
}

function Asks({ asks, titled }: { asks: Ask[]; titled: boolean }) {
  const t = useAskingText();
  const { workspace } = useSession();
  const zone = workspace.timeZone;
  return (
    <ul className="xk-asks">
      {asks.map((ask) => (
        <li key={ask.id}>
          {titled && (
            <h2>
              <Link to="/o/$object/$id" params={{ object: ask.object, id: ask.record }}>
                {ask.title}
              </Link>
            </h2>
          )}
          <p className="xk-muted">
            {t('by-line', {
              by: ask.madeByName,
              at: formatMoment(ask.madeAt, zone),
              until: formatMoment(ask.expiresAt, zone),
            })}
            {ask.kind === 'embed' && ` · ${t('embed')}`}
          </p>
          <ul className="xk-ask-recipients">
            {ask.recipients.map((person) => (
              <Recipient key={person.id} ask={ask} person={person} zone={zone} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Recipient({ ask, person, zone }: { ask: Ask; person: Ask['recipients'][number]; zone: string }) {
  const t = useAskingText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [link, setLink] = useState<MadeLink | null>(null);
  const params = { id: ask.id, recipient: person.id };
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => refreshAsks(client),
  };
  const renew = useMutation({ mutationFn: () => call(api.asking.newLink, { params }), onSuccess: setLink, ...shared });
  const mail = useMutation({
    mutationFn: () => call(api.asking.mailAgain, { params }),
    onSuccess: () => toasts.success(t('mail-again-done', { name: person.name })),
    ...shared,
  });
  const revoke = useMutation({
    mutationFn: () => call(api.asking.revoke, { params }),
    onSuccess: () => toasts.success(t('revoke-done', { name: person.name })),
    ...shared,
  });
  const waiting = person.state === 'sent' || person.state === 'opened' || person.state === 'expired';
  const when = person.answeredAt ?? person.openedAt ?? person.sentAt;
  return (
    <li>
      <span className="xk-ask-who">
        <strong>{person.name}</strong>{' '}
        <span className={`xk-ask-badge xk-ask-is-${person.state}`}>{t(`state-${person.state}`)}</span>{' '}
        <span className="xk-muted">
          {formatMoment(when, zone)}
          {person.answers && ` · ${t('counts', person.answers)}`}
          {person.answers && person.answers.held > 0 && ` · ${t('counts-held', person.answers)}`}
          {person.remindedAt && ` · ${t('reminded')}`}
          {person.wantsLinkAt && ` · ${t('wants-link')}`}
        </span>
      </span>
      {waiting && (
        <span className="xk-ask-tools">
          <Button
            size="small"
            type="text"
            aria-label={t('new-link-for', { name: person.name })}
            loading={renew.isPending}
            onClick={() => renew.mutate()}
          >
            {t('new-link')}
          </Button>
          {person.email !== null && (
            <Button
              size="small"
              type="text"
              aria-label={t('mail-again-for', { name: person.name })}
              loading={mail.isPending}
              onClick={() => mail.mutate()}
            >
              {t('mail-again')}
            </Button>
          )}
          <Button
            size="small"
            type="text"
            danger
            aria-label={t('revoke-for', { name: person.name })}
            loading={revoke.isPending}
            onClick={() => revoke.mutate()}
          >
            {t('revoke')}
          </Button>
        </span>
      )}
      {link && (
        <Modal open title={t('made-title', { n: 1 })} footer={null} onCancel={() => setLink(null)} width={560}>
          <MadeLinks links={[{ ...link, way: 'link' }]} onDone={() => setLink(null)} />
        </Modal>
      )}
    </li>
  );
}
