import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { keys, useSession } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { Skeleton } from '../../ui/page.tsx';
import { useMergeText } from './merge-texts.ts';
import './record-merges.css';

const UnmergeDialog = lazy(async () => ({ default: (await import('./unmerge-dialog.tsx')).UnmergeDialog }));

const mergesOf = (object: string, id: string) => ({
  queryKey: [...keys.record(object, id), 'merges'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call(api.duplicates.merges, { query: { object, record: id }, signal }),
});

type Reply = Awaited<ReturnType<ReturnType<typeof mergesOf>['queryFn']>>;
type Merge = Reply['merges'][number];

/** Merges a record took part in, as entries of its timeline; the surviving one can be taken apart from there. */
export function useMergeMarks(
  object: ObjectDef | undefined,
  id: string,
): { key: string; at: string; node: ReactNode }[] {
  const { data } = useQuery({ ...mergesOf(object?.name ?? '', id), enabled: object !== undefined && id !== '' });
  if (!object || !data) return [];
  return data.merges.map((merge) => ({
    key: merge.id,
    at: merge.at,
    node: <MergeMark object={object} id={id} merge={merge} titles={data.titles} />,
  }));
}

function MergeMark({
  object,
  id,
  merge,
  titles,
}: {
  object: ObjectDef;
  id: string;
  merge: Merge;
  titles: Record<string, string>;
}) {
  const t = useMergeText();
  const { account } = useSession();
  const env = useFormatEnv([]);
  const [open, setOpen] = useState(false);
  const quoted = (one: string) => t('quoted', { title: titles[one] || t('value-empty') });
  const won = merge.winner === id;
  return (
    <>
      <div>
        <strong>{env.title(merge.actor) ?? merge.actor}</strong>{' '}
        {won
          ? t('merged-from', { titles: merge.losers.map(quoted).join(t('titles-join')) })
          : t('merged-into', { title: titles[merge.winner] || t('value-empty') })}
        {merge.undoneAt && <span className="xk-muted"> · {t('merged-undone')}</span>}
      </div>
      {merge.reason && <div className="xk-muted">{merge.reason}</div>}
      {won && !merge.undoneAt && account.role === 'admin' && (
        <Button size="small" onClick={() => setOpen(true)}>
          {t('unmerge')}
        </Button>
      )}
      {open && (
        <Suspense fallback={null}>
          <UnmergeDialog object={object} merge={merge.id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The address of a record that was merged away leads to the one it went into; otherwise `fallback`. */
export function MovedRecord({
  object,
  id,
  onMoved,
  fallback,
}: {
  object: ObjectDef;
  id: string;
  onMoved(to: string): void;
  fallback: ReactNode;
}) {
  const { data, isPending } = useQuery({
    queryKey: [...keys.record(object.name, id), 'moved'],
    queryFn: ({ signal }) => call(api.duplicates.movedTo, { params: { object: object.name, record: id }, signal }),
    retry: false,
  });
  const to = data?.record;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it leads there once
  useEffect(() => {
    if (to) onMoved(to);
  }, [to]);
  return isPending || to ? <Skeleton title lines={10} /> : fallback;
}

/** Says on the surviving record that another address led here. */
export function MovedNote({ object, id, from }: { object: ObjectDef; id: string; from: string }) {
  const t = useMergeText();
  const day = useDateFormat({ dateStyle: 'medium' });
  const { data } = useQuery(mergesOf(object.name, id));
  // A merge of merges: the one it went into may itself have come here later.
  const merge = data?.merges.find(({ losers }) => losers.includes(from)) ?? data?.merges[0];
  if (!merge) return null;
  const at = day.format(new Date(merge.at));
  const title = data?.titles[from];
  return (
    <p className="xk-moved-note" role="status">
      {title ? t('moved-note', { title, at }) : t('moved-note-plain', { at })}
    </p>
  );
}
