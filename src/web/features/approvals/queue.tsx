import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ApprovalView } from '../../../contract/approvals.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useNoun } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { EmptyState, Skeleton } from '../../ui/page.tsx';
import { ShortcutKeys } from '../../ui/shortcut-keys.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useShortcuts, useShortcutsOn } from '../../ui/use-shortcuts.ts';
import { ApprovalCard, useWhat } from './approval-card.tsx';
import { approvalKeys, type Which } from './approvals-api.ts';
import type { Condition } from './facts.tsx';
import { RefuseReason } from './refuse-reason.tsx';
import { useApprovalText } from './texts.ts';
import './approvals.css';

const KEYS = [
  [['J', 'K'], 'key-move'],
  [['A'], 'key-a'],
  [['R'], 'key-r'],
  [['O'], 'key-o'],
] as const;

/** Requests, decided with a key or a button: J and K go through them, A approves, R refuses with a word, O unfolds. */
export function ApprovalQueue({ which, Condition }: { which: Which; Condition: Condition }) {
  const t = useApprovalText();
  const toasts = useToasts();
  const client = useQueryClient();
  const phone = usePhone();
  const noun = useNoun();
  const what = useWhat();
  const { objects } = useCatalog();
  const [shortcutsOn, setShortcutsOn] = useShortcutsOn();
  const [chosen, setChosen] = useState<string | null>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [refusing, setRefusing] = useState<{ approval: ApprovalView; anchor: DOMRect } | null>(null);
  const list = useInfiniteQuery({
    queryKey: approvalKeys.list(which),
    queryFn: ({ signal, pageParam }) =>
      call(api.approvals.list, { query: { which, ...(pageParam && { before: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    staleTime: 0,
    // What was approved is carried out in the background.
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.approvals.some((one) => one.state === 'approved')) ? 1500 : 60_000,
  });
  const named = (approval: ApprovalView) => {
    const object = objects.find(({ name }) => name === approval.object);
    return what(approval, object ? noun(object.plural) : '');
  };
  const settle = {
    onError: (error: Error) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: approvalKeys.all }),
  };
  const decide = useMutation({
    mutationFn: ({
      approval: { id, hash },
      approve,
      word,
    }: {
      approval: ApprovalView;
      approve: boolean;
      word?: string;
    }) => call(api.approvals.decide, { params: { id }, body: { approve, hash, ...(word && { word }) } }),
    onSuccess: (_, { approval, approve }) =>
      toasts.success(t(approve ? 'approved' : 'refused', { what: named(approval) })),
    ...settle,
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => call(api.approvals.withdraw, { params: { id } }),
    onSuccess: () => toasts.success(t('withdrawn')),
    ...settle,
  });

  const shown = list.data?.pages.flatMap((page) => page.approvals) ?? [];
  const found = shown.findIndex(({ id }) => id === chosen);
  const at = found < 0 ? 0 : found;
  const current = shown[at];
  const go = (by: 1 | -1) => {
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
    if (!next) return;
    setChosen(next.id);
    document.querySelector(`[data-id="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const unfold = (id: string, open: boolean) => {
    if (unfolded.has(id) === open) return;
    const next = new Set(unfolded);
    if (open) next.add(id);
    else next.delete(id);
    setUnfolded(next);
  };
  const refuse = (approval: ApprovalView) => {
    const anchor = document.querySelector(`[data-id="${approval.id}"] .xk-approval-do`)?.getBoundingClientRect();
    if (anchor) setRefusing({ approval, anchor });
  };
  useShortcuts(shortcutsOn && !refusing && !decide.isPending, {
    j: () => go(1),
    k: () => go(-1),
    a: () => current?.may.decide && decide.mutate({ approval: current, approve: true }),
    r: () => current?.may.decide && refuse(current),
    o: () => current && unfold(current.id, !unfolded.has(current.id)),
  });

  if (list.error && !list.data) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton title lines={8} />;
  const place = which === 'mine-to-decide' ? 'decide' : which;
  if (shown.length === 0) return <EmptyState title={t(`none-${place}`)} hint={t(`none-${place}-hint`)} />;
  return (
    <>
      <ul className="xk-approvals" aria-label={t('list')}>
        {shown.map((approval) => (
          <ApprovalCard
            key={approval.id}
            approval={approval}
            here={!phone && shortcutsOn && approval.id === current?.id}
            open={unfolded.has(approval.id)}
            busy={decide.isPending}
            Condition={Condition}
            onOpen={(open) => unfold(approval.id, open)}
            onApprove={() => decide.mutate({ approval, approve: true })}
            onRefuse={(anchor) => setRefusing({ approval, anchor })}
            onWithdraw={() => withdraw.mutate(approval.id)}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {!phone && which === 'mine-to-decide' && (
        <ShortcutKeys keys={KEYS} t={t} on={shortcutsOn} onSwitch={setShortcutsOn} />
      )}
      {refusing && (
        <RefuseReason
          anchor={refusing.anchor}
          onClose={() => setRefusing(null)}
          onRefuse={(word) => {
            decide.mutate({ approval: refusing.approval, approve: false, word });
            setRefusing(null);
          }}
        />
      )}
    </>
  );
}
