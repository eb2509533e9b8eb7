import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { decide, refreshCounts, refreshQueue, refreshRecords, takeBackMerge } from './duplicates-api.ts';
import { type Group, groupKey } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';

/** What was decided while the page is open: groups that left the list, and the way back for each, last first. */
export function useDecisions(object: ObjectDef) {
  const t = useDuplicatesText();
  const toasts = useToasts();
  const client = useQueryClient();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState(0);
  const [busy, setBusy] = useState(false);
  const undos = useRef<{ key: string; run: () => Promise<unknown> }[]>([]);

  const follow = (whole: boolean) => {
    void refreshCounts(client);
    // Of a group that only some took part in, a smaller one is left.
    if (!whole) void refreshQueue(client, object.name);
  };
  const leave = (key: string, counted = true) => {
    setLeft((old) => new Set(old).add(key));
    if (counted) setDone((n) => n + 1);
  };
  const takeBack = async (entry: { key: string; run: () => Promise<unknown> }) => {
    if (!undos.current.includes(entry)) return;
    undos.current = undos.current.filter((one) => one !== entry);
    try {
      await entry.run();
      setLeft((old) => new Set([...old].filter((key) => key !== entry.key)));
      setDone((n) => Math.max(0, n - 1));
      toasts.success(t('put-back-done'));
      void refreshQueue(client, object.name);
      void refreshCounts(client);
    } catch (error) {
      toasts.error(sentence(error));
    }
  };
  const remember = (key: string, run: () => Promise<unknown>) => {
    const entry = { key, run };
    undos.current = [...undos.current, entry];
    return () => void takeBack(entry);
  };
  const titleOf = (group: Group, id: string | undefined) =>
    String(group.records.find((row) => row.id === id)?.values[object.title] ?? '');

  return {
    left,
    done,
    busy,
    decide: async (group: Group, ids: string[], decision: 'different' | 'later') => {
      const key = groupKey(group);
      setBusy(true);
      try {
        await decide(object.name, ids, decision);
        leave(key);
        const undo = remember(key, () => decide(object.name, ids, 'open'));
        const message =
          decision === 'later'
            ? t('later-done')
            : ids.length > 2
              ? t('different-many', { n: ids.length })
              : t('different-done', { a: titleOf(group, ids[0]), b: titleOf(group, ids[1]) });
        toasts.undoable(message, undo);
        follow(ids.length === group.records.length);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) {
          leave(key, false);
          toasts.info(t('gone'));
          void refreshQueue(client, object.name);
        } else toasts.error(sentence(error));
      }
      setBusy(false);
    },
    /** The merge itself was done, and told, by its dialog; this is the group's leaving. */
    merged: (group: Group, ids: string[], merge: string) => {
      const key = groupKey(group);
      leave(key);
      follow(ids.length === group.records.length);
      return remember(key, async () => {
        await takeBackMerge(object.name, merge, ids);
        await refreshRecords(client, object.name);
      });
    },
    undoLast: () => {
      const last = undos.current.at(-1);
      if (last) void takeBack(last);
      else toasts.info(t('nothing-undo'));
    },
  };
}
