import { CloudSyncOutlined, DisconnectOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useReducer, useRef, useState } from 'react';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { useCatalog, useSession } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { type CardActions, CustomerCard } from './customer-card.tsx';
import type { SnoozeBody, UnreachedBody, WriteBody } from './deliver.ts';
import { EmptyToday } from './empty-today.tsx';
import {
  cellKey,
  doneCount,
  fitInto,
  inView,
  itemKey,
  minutesLeft,
  moveCursor,
  noProgress,
  progress,
  type ShownItem,
  shownItems,
  type TodayCell,
} from './list-state.ts';
import { type Method, methods, ProgressHeader } from './progress-header.tsx';
import { useTodayText } from './texts.ts';
import { copyOfToday, useToday } from './today-api.ts';
import { useOutbox } from './use-outbox.ts';
import './today.css';

/** Cards drawn at a time: a phone's worth and a bit, so that the page answers at once. */
const cardsAtOnce = 6;
/** Seconds in which putting off can be taken back; it is sent after that. */
const second = 1000;
const graceMs = 8 * second;

/** A salesperson's day: whom to contact, what to ask, most value per minute first. */
export function TodayList({ owner, shortcutsOn }: { owner: string | null; shortcutsOn: boolean }) {
  const t = useTodayText();
  const label = useLabel();
  const toasts = useToasts();
  const navigate = useNavigate();
  const { account } = useSession();
  const catalog = useCatalog();
  const env = useFormatEnv(catalog.objects.flatMap((object) => object.fields));
  const { data, error, refetch } = useToday(owner);
  const time = useDateFormat(DAY_AND_TIME);
  const queue = useOutbox(account.id);
  const [state, dispatch] = useReducer(progress, noProgress);
  const [cursor, setCursor] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const [laterFor, setLaterFor] = useState<string | null>(null);
  const [method, setMethod] = useState<Method>(storedMethod);
  const [count, setCount] = useState(cardsAtOnce);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());

  // Runs when a new list has come.
  useEffect(() => {
    if (data) dispatch({ type: 'fetched', items: data.items, done: data.done, day: new Date().toDateString() });
  }, [data]);

  // In the one frame before the first list is taken over, it is shown as it came.
  const items = state.day === '' ? (data?.items ?? []) : state.items;
  const shown = shownItems(items, state, queue.entries);
  const visible = inView(shown, count, expanded);
  const waiting = queue.entries.filter((entry) => entry.state === 'waiting' && entry.tries > 0).length;

  const tell = (message: string, key: string, back: { item?: string; cells?: string[] }) =>
    toasts.undoable(message, () => {
      dispatch({ type: 'back', ...back });
      void queue.takeBack(key);
    });
  const leaveCell = (cells: string[]) => {
    setEditing(null);
    const last = cells.at(-1);
    const next = last ? moveCursor(visible, last, 1) : null;
    setCursor(next);
    // The pressed button goes with its line; the keyboard goes on at the next one instead of falling to the page.
    if (next && next !== last) requestAnimationFrame(() => lineOf(next)?.focus({ preventScroll: true }));
  };
  const write = (one: ShownItem, cells: TodayCell[], body: WriteBody, message: string, draft?: FieldValue) => {
    const keys = cells.map(cellKey);
    const key = crypto.randomUUID();
    for (const entry of queue.entries)
      if (entry.state === 'refused' && entry.cells.some((cell) => keys.includes(cell))) queue.drop(entry.key);
    queue.add({
      key,
      kind: 'write',
      body,
      item: one.key,
      cells: keys,
      label: message,
      notBefore: 0,
      ...(draft !== undefined && { draft }),
    });
    dispatch({ type: 'mark', cells: keys, mark: draft === undefined ? 'right' : 'corrected' });
    leaveCell(keys);
    tell(message, key, { cells: keys });
  };
  const putOff = (
    one: ShownItem,
    kind: 'snooze' | 'cannot-reach',
    body: SnoozeBody | UnreachedBody,
    message: string,
  ) => {
    const key = crypto.randomUUID();
    const notBefore = Date.now() + graceMs;
    queue.add({ key, kind, body, item: one.key, cells: [], label: message, notBefore });
    dispatch({ type: 'gone', item: one.key, how: kind === 'snooze' ? 'snoozed' : 'unreached' });
    tell(message, key, { item: one.key });
  };

  const actions: CardActions = {
    right: (one, cells) => {
      const [first] = cells;
      if (!first) return;
      const title = one.item.title;
      const message =
        cells.length === 1
          ? t('toast-right', { title, field: label(first.label) })
          : t('toast-all-right', { title, n: cells.length });
      write(one, cells, { changes: verifications(cells, method), atomic: false }, message);
    },
    correct: (one, cell, value) => {
      const { object, id, version, field } = cell;
      const verify = { fields: [field], method, at: new Date().toISOString() };
      const changes = [
        { op: 'update' as const, object, id, version, set: { [field]: value satisfies FieldValue }, verify },
      ];
      write(one, [cell], { changes }, t('toast-corrected', { title: one.item.title, field: label(cell.label) }), value);
    },
    unreached: (one, how) =>
      putOff(one, 'cannot-reach', { how }, t('toast-unreached', { title: one.item.title, how: t(how) })),
    snooze: (one, days, reason) =>
      putOff(
        one,
        'snooze',
        { days, reason },
        t('toast-snoozed', { title: one.item.title, when: t('later-days', { n: days }) }),
      ),
    discard: (key) => {
      for (const entry of queue.entries)
        if (entry.state === 'refused' && (entry.cells.includes(key) || entry.item === key)) queue.drop(entry.key);
      dispatch({ type: 'back', item: key, cells: [key] });
    },
    focus: setCursor,
    edit: setEditing,
    later: setLaterFor,
    expand: (item) => setExpanded((now) => new Set(now).add(item)),
  };

  const at = visible.find((one) => one.cells.some((cell) => cell.key === cursor));
  const atCell = at?.cells.find((cell) => cell.key === cursor);
  const go = (by: 1 | -1) => {
    const next = moveCursor(visible, cursor, by);
    setCursor(next);
    if (next) lineOf(next)?.focus();
  };
  useShortcuts(shortcutsOn, {
    j: () => go(1),
    k: () => go(-1),
    y: () => at && atCell && actions.right(at, [atCell.cell]),
    e: () => atCell && setEditing(atCell.key),
    s: () => at && setLaterFor(at.key),
    o: () => at && void navigate({ to: '/o/$object/$id', params: { object: at.item.object, id: at.item.id } }),
  });

  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={10} />;

  const copied = copyOfToday(owner);
  const done = doneCount(state, data.done);
  const onScreen = new Set(shown.map((one) => one.key));
  const left = Math.max(shown.length, data.total - data.items.filter((item) => !onScreen.has(itemKey(item))).length);
  return (
    <>
      {copied && (
        <p className="xk-today-waiting" role="status">
          <DisconnectOutlined aria-hidden /> {t('offline-list', { at: time.format(copied) })}
        </p>
      )}
      {waiting > 0 && (
        <p className="xk-today-waiting" role="status">
          <CloudSyncOutlined aria-hidden /> {t('waiting-n', { n: waiting })}
        </p>
      )}
      {shown.length === 0 ? (
        <EmptyToday done={done} away={data.away} />
      ) : (
        <>
          <ProgressHeader
            left={left}
            capped={data.capped}
            done={done}
            shown={shown.length}
            minutes={minutesLeft(shown)}
            fit={fitInto(shown, data.minutes.capacity)}
            capacity={data.minutes.capacity}
            method={method}
            onMethod={(next) => {
              localStorage.setItem(methodKey, next);
              setMethod(next);
            }}
          />
          <section className="xk-today-cards" aria-label={t('list')}>
            {visible.map((one) => (
              <CustomerCard
                key={one.key}
                shown={one}
                env={env}
                cursor={cursor}
                editing={editing}
                laterOpen={laterFor === one.key}
                actions={actions}
              />
            ))}
          </section>
          {shown.length > visible.length && <MoreOnScroll onReach={() => setCount((now) => now + cardsAtOnce)} />}
          {left > shown.length && (
            <p className="xk-muted xk-today-more">{t('more-waiting', { n: left - shown.length })}</p>
          )}
        </>
      )}
    </>
  );
}

/** Draws more when the end comes near. */
function MoreOnScroll({ onReach }: { onReach: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(onReach);
  latest.current = onReach;
  useEffect(() => {
    const end = mark.current;
    if (!end) return;
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) latest.current();
      },
      { rootMargin: '600px' },
    );
    observer.observe(end);
    return () => observer.disconnect();
  });
  return <div ref={mark} aria-hidden="true" />;
}

const lineOf = (cell: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-cell="${CSS.escape(cell)}"]`);

const methodKey = 'xianke.today.method';
const storedMethod = (): Method => methods.find((one) => one === localStorage.getItem(methodKey)) ?? 'phone';

/** One change per record: the customer's and the contact's fields are verified in one change set. */
function verifications(cells: TodayCell[], method: Method): WriteBody['changes'] {
  const byRecord = new Map<string, TodayCell[]>();
  for (const cell of cells) {
    const key = `${cell.object}/${cell.id}`;
    byRecord.set(key, [...(byRecord.get(key) ?? []), cell]);
  }
  return [...byRecord.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { object, id, version } = first;
    const fields = group.map((cell) => cell.field);
    // The moment of the look, not of the network: it may be sent an hour later.
    const verify = { fields, method, at: new Date().toISOString() };
    return [{ op: 'update' as const, object, id, version, verify }];
  });
}
