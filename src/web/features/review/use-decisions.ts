import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Proposal } from '../../../contract/proposals.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { useLabel } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { stopKey } from './inbox-model.ts';
import { type Narrowing, refreshCounts, refreshFacets, refreshList } from './review-api.ts';
import { useReviewText } from './texts.ts';

export type Verdict = 'accept' | 'meant' | 'reject';

/** Proposals that one call decides. */
const PORTION = 100;

/** What many are decided on: chosen ones, or all that match as of the newest on the screen. */
export type Many = { ids: string[] } | { matching: Narrowing; upTo: string | undefined; total: number };

/** What was decided at one stroke, and the fields that left with it. */
interface Stroke {
  batch: Promise<string>;
  keys: string[];
}

export interface Progress {
  done: number;
  of: number;
}

/** What was decided while the page is open: fields that left the list at once, and the way back for each stroke. */
export function useDecisions() {
  const t = useReviewText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState(0);
  const [progress, setProgress] = useState<Progress | null>(null);
  const stopped = useRef(false);
  const undos = useRef<Stroke[]>([]);

  const leave = (keys: string[]) => setLeft((old) => new Set([...old, ...keys]));
  const comeBack = (keys: string[]) => setLeft((old) => new Set([...old].filter((key) => !keys.includes(key))));

  const forget = (entry: Stroke) => {
    undos.current = undos.current.filter((one) => one !== entry);
  };
  const takeBack = async (entry: Stroke) => {
    if (!undos.current.includes(entry)) return;
    forget(entry);
    try {
      // A quick hand undoes what is still on its way.
      const batch = await entry.batch;
      const { fields, skipped } = await call(api.proposals.undo, { body: { batch } });
      comeBack(entry.keys);
      setDone((n) => Math.max(0, n - fields));
      toasts.success(skipped > 0 ? t('put-back-partly', { n: skipped }) : t('put-back'));
    } catch (error) {
      toasts.error(sentence(error));
    }
    void refreshList(client);
    void refreshFacets(client);
    void refreshCounts(client);
  };
  const remember = (batch: Promise<string>, keys: string[]): Stroke => {
    const entry = { batch, keys };
    undos.current = [...undos.current, entry];
    return entry;
  };
  const tell = (message: string, entry: Stroke, fields: number) => {
    setDone((n) => n + fields);
    // Undone before it was said.
    if (!undos.current.includes(entry)) return;
    toasts.undoable(message, () => void takeBack(entry));
    void refreshCounts(client);
  };

  return {
    left,
    done,
    progress,
    stop: () => {
      stopped.current = true;
    },
    undoLast: () => {
      const last = undos.current.at(-1);
      if (last) void takeBack(last);
      else toasts.info(t('nothing-undo'));
    },
    /** Decides fields of one proposal; they leave at once, and come back when it can't be. */
    decide: async (
      proposal: Proposal,
      names: string[],
      verdict: Verdict,
      more: { overwrite?: boolean; note?: string } = {},
    ) => {
      const keys = names.map((field) => stopKey({ id: proposal.id, field }));
      const params = { id: proposal.id };
      const { note, overwrite } = more;
      const send = async (): Promise<string> => {
        const { batch } =
          verdict === 'reject'
            ? await call(api.proposals.reject, { params, body: { fields: names, ...(note && { note }) } })
            : await call(api.proposals.accept, {
                params,
                body: {
                  fields: names,
                  ...(verdict === 'meant' && { meant: names }),
                  ...(overwrite && { overwrite, seen: proposal.version }),
                },
              });
        return batch;
      };
      leave(keys);
      const stroke = remember(send(), keys);
      try {
        await stroke.batch;
        const fields = proposal.fields
          .filter(({ field }) => names.includes(field))
          .map((field) => label(field.label))
          .join(t('comma'));
        const text = verdict === 'reject' ? 'done-reject' : 'done-accept';
        tell(t(text, { title: proposal.title, fields }), stroke, names.length);
      } catch (error) {
        forget(stroke);
        if (error instanceof ApiError && error.code === 'proposal-decided') toasts.info(t('was-decided'));
        else {
          comeBack(keys);
          toasts.error(sentence(error));
        }
        // What stands there now is another thing than what was shown.
        void refreshList(client);
        void refreshCounts(client);
      }
    },
    /** Decides many, a portion at a time, until all are done or somebody says stop. */
    decideMany: async (many: Many, verdict: Verdict, note?: string) => {
      stopped.current = false;
      const of = 'ids' in many ? many.ids.length : many.total;
      setProgress({ done: 0, of });
      let batch: string | undefined;
      let after: string | undefined;
      let [fields, seen] = [0, 0];
      const why = new Map<string, string>();
      try {
        for (let at = 0; ; at += PORTION) {
          const what =
            'ids' in many
              ? { items: many.ids.slice(at, at + PORTION).map((id) => ({ id })) }
              : { matching: { ...many.matching, ...(many.upTo && { upTo: many.upTo }) }, ...(after && { after }) };
          const reply = await call(api.proposals.decide, {
            body: { decision: verdict, ...what, ...(batch && { batch }), ...(note && { note }) },
          });
          ({ batch, next: after } = reply);
          fields += reply.fields;
          for (const failure of reply.failed) why.set(failure.id, failure.message);
          seen = Math.min(of, seen + PORTION);
          setProgress({ done: seen, of });
          const more = 'ids' in many ? at + PORTION < many.ids.length : after !== undefined;
          if (!more || stopped.current) break;
        }
      } catch (error) {
        toasts.error(sentence(error));
      }
      setProgress(null);
      await Promise.all([refreshList(client), refreshFacets(client)]);
      if (batch === undefined) return;
      const [reason] = why.values();
      const rest = reason === undefined ? '' : t('left-many', { n: why.size, why: reason });
      const message = t(verdict === 'reject' ? 'done-many-reject' : 'done-many-accept', { n: fields });
      if (fields > 0) tell(message + rest, remember(Promise.resolve(batch), []), fields);
      else toasts.info(message + rest);
    },
  };
}
