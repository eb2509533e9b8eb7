import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { keys } from '../../api/query.ts';
import { useUndo } from '../../api/use-undo.tsx';
import { deliver } from './deliver.ts';
import { backoff, nextToSend, type OutboxEntry, outbox, restore, waitFor } from './outbox.ts';

const storageKey = (account: string): string => `xianke.today.outbox.${account}`;

/**
 * The queue of what was done here: kept in storage, sent in order, tried again when the network is back. `takeBack` undoes an
 * entry wherever it is: not yet sent, on its way, or already done.
 */
export function useOutbox(account: string) {
  const [entries, dispatch] = useReducer(outbox, null, () =>
    restore(localStorage.getItem(storageKey(account)), account),
  );
  const queryClient = useQueryClient();
  const undo = useUndo();
  const changeSets = useRef(new Map<string, string>());
  const unwanted = useRef(new Set<string>());
  const latest = useRef(entries);
  latest.current = entries;

  useEffect(() => localStorage.setItem(storageKey(account), JSON.stringify(entries)), [entries, account]);

  const sendNext = useCallback(async () => {
    const entry = nextToSend(latest.current, Date.now());
    if (!entry) return;
    dispatch({ type: 'sending', key: entry.key });
    const delivery = await deliver(entry);
    if (delivery.what === 'later') {
      dispatch({ type: 'later', key: entry.key, notBefore: Date.now() + backoff(entry.tries + 1) });
      return;
    }
    if (delivery.what === 'refused') {
      dispatch({ type: 'refused', key: entry.key, message: delivery.message });
      return;
    }
    if (delivery.changeSet) changeSets.current.set(entry.key, delivery.changeSet);
    dispatch({ type: 'sent', key: entry.key });
    if (unwanted.current.delete(entry.key) && delivery.changeSet) await undo(delivery.changeSet);
    // One answer for all that was sent together.
    if (latest.current.every((one) => one.key === entry.key || one.state === 'refused'))
      void queryClient.invalidateQueries({ queryKey: keys.today });
  }, [queryClient, undo]);

  useEffect(() => {
    if (entries.some((entry) => entry.state === 'sending')) return;
    const wait = waitFor(entries, Date.now());
    if (wait === null) return;
    const timer = setTimeout(() => void sendNext(), wait);
    return () => clearTimeout(timer);
  }, [entries, sendNext]);

  useEffect(() => {
    const wake = () => {
      for (const entry of latest.current)
        if (entry.state === 'waiting' && entry.tries > 0) dispatch({ type: 'later', key: entry.key, notBefore: 0 });
    };
    addEventListener('online', wake);
    return () => removeEventListener('online', wake);
  }, []);

  const add = (entry: Omit<OutboxEntry, 'account' | 'tries' | 'state' | 'at'>) =>
    dispatch({ type: 'add', entry: { ...entry, account, at: Date.now(), tries: 0, state: 'waiting' } });

  const takeBack = async (key: string) => {
    const entry = latest.current.find((one) => one.key === key);
    if (entry?.state === 'sending') unwanted.current.add(key);
    else if (entry) dispatch({ type: 'drop', key });
    const changeSet = changeSets.current.get(key);
    if (!entry && changeSet) await undo(changeSet);
  };

  return { entries, add, takeBack, drop: (key: string) => dispatch({ type: 'drop', key }) };
}
