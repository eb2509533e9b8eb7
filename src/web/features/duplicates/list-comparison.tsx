import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { defineTexts, useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type Comparison, type ListChoice, listOf, type Match, nothingYet, without, withStep } from './comparison.ts';
import { type ComparedObject, likeness, withoutScore } from './queue-model.ts';

const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog.tsx')).MergeDialog }));

const useListText = defineTexts(
  'list-comparison',
  {
    hint: '看看一份名单里有谁已经在另一份里：两个视图之间，或两个对象之间（如联系人与客户，按手机、姓名、邮箱等同类字段比较）。',
    left: '这份名单',
    right: '与这份比较',
    object: '{side}：对象',
    view: '{side}：视图',
    everything: '全部',
    start: '开始比较',
    stop: '停止',
    progress: '已比较 {looked} / {total} 条，找到 {n} 对',
    result: '比较了 {looked} 条：{n} 对相似；{without} 条在另一份里没有相似的。',
    none: '没有相似的记录',
    'none-hint': '两份名单里没有看起来是同一个的。',
    merge: '合并…',
    'merge-of': '合并“{a}”与“{b}”',
    more: '再显示 {n} 对',
    matches: '相似的记录',
  },
  {
    hint: 'See who of one list is in another already: two views, or two objects (contacts and customers, say, by phone, name, mail and other fields of one kind).',
    left: 'This list',
    right: 'against this',
    object: '{side}: object',
    view: '{side}: view',
    everything: 'All',
    start: 'Compare',
    stop: 'Stop',
    progress: '{looked} of {total} compared, {n} {n|pair|pairs} found',
    result:
      '{looked} compared: {n} {n|pair looks|pairs look} alike, {without} {without|has|have} none like them in the other list.',
    none: 'None look alike',
    'none-hint': 'Nothing in the two lists looks like the same.',
    merge: 'Merge…',
    'merge-of': 'Merge “{a}” and “{b}”',
    more: 'Show {n} more',
    matches: 'Records that look alike',
  },
);

const AT_ONCE = 50;

/** This list against that list: who is in both. */
export function ListComparison({ objects }: { objects: ComparedObject[] }) {
  const t = useListText();
  const toasts = useToasts();
  const first = objects[0]?.object ?? '';
  const [left, setLeft] = useState<ListChoice>({ object: first, view: '' });
  const [right, setRight] = useState<ListChoice>({ object: first, view: '' });
  const leftViews = useViews(left.object);
  const rightViews = useViews(right.object);
  const [result, setResult] = useState<Comparison | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async () => {
    const control = new AbortController();
    running.current?.abort();
    running.current = control;
    const filterIn = (views: typeof leftViews, id: string) => views.find((view) => view.id === id)?.filter;
    const lists = {
      left: listOf(left, filterIn(leftViews, left.view)),
      right: listOf(right, filterIn(rightViews, right.view)),
    };
    let now: Comparison = { ...nothingYet, running: true };
    setResult(now);
    try {
      for (let after: string | undefined; now.running; ) {
        const step = await call(api.duplicates.compare, {
          body: { ...lists, ...(after !== undefined && { after }) },
          signal: control.signal,
        });
        now = withStep(now, step);
        after = step.next;
        setResult(now);
      }
    } catch (error) {
      setResult((old) => old && { ...old, running: false });
      if (!control.signal.aborted) toasts.error(sentence(error));
    }
  };

  return (
    <div className="xk-lists">
      <p className="xk-muted">{t('hint')}</p>
      <div className="xk-lists-choice">
        <ListPicker side={t('left')} objects={objects} views={leftViews} value={left} onChange={setLeft} />
        <ListPicker side={t('right')} objects={objects} views={rightViews} value={right} onChange={setRight} />
        {result?.running ? (
          <Button onClick={() => running.current?.abort()}>{t('stop')}</Button>
        ) : (
          <Button type="primary" onClick={() => void start()}>
            {t('start')}
          </Button>
        )}
      </div>
      {result && (
        <>
          <div role="status" className="xk-lists-state">
            {result.running ? (
              <>
                {t('progress', { looked: result.looked, total: result.total, n: result.matches.length })}
                <progress
                  aria-label={t('start')}
                  max={Math.max(1, result.total)}
                  {...(result.total > 0 && { value: result.looked })}
                />
              </>
            ) : (
              t('result', { looked: result.looked, n: result.matches.length, without: without(result) })
            )}
          </div>
          {!result.running && result.matches.length === 0 ? (
            <EmptyState title={t('none')} hint={t('none-hint')} />
          ) : (
            <Matches
              matches={result.matches}
              left={left.object}
              right={right.object}
              mayMerge={objects.some((one) => one.object === left.object && one.may.merge)}
              onMerged={(match) =>
                setResult((old) => old && { ...old, matches: old.matches.filter((one) => one !== match) })
              }
            />
          )}
        </>
      )}
    </div>
  );
}

/** Saved views of an object that narrow it. */
function useViews(object: string): { id: string; name: string; filter: Filter }[] {
  const { data } = useQuery({
    queryKey: keys.views(object),
    queryFn: async ({ signal }) => (await call(api.catalog.views, { query: { object }, signal })).views,
  });
  return (data ?? []).flatMap(({ id, name, definition }) =>
    definition.filter ? [{ id, name, filter: definition.filter as Filter }] : [],
  );
}

function ListPicker({
  side,
  objects,
  views,
  value,
  onChange,
}: {
  side: string;
  objects: ComparedObject[];
  views: { id: string; name: string }[];
  value: ListChoice;
  onChange(next: ListChoice): void;
}) {
  const t = useListText();
  const label = useLabel();
  const id = useId();
  return (
    <fieldset className="xk-lists-side">
      <legend>{side}</legend>
      <label htmlFor={`${id}o`} className="xk-visually-hidden">
        {t('object', { side })}
      </label>
      <select
        id={`${id}o`}
        className="xk-plain-input"
        value={value.object}
        onChange={(event) => onChange({ object: event.target.value, view: '' })}
      >
        {objects.map((one) => (
          <option key={one.object} value={one.object}>
            {label(one.label)}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}v`} className="xk-visually-hidden">
        {t('view', { side })}
      </label>
      <select
        id={`${id}v`}
        className="xk-plain-input"
        value={value.view}
        onChange={(event) => onChange({ ...value, view: event.target.value })}
      >
        <option value="">{t('everything')}</option>
        {views.map((view) => (
          <option key={view.id} value={view.id}>
            {view.name}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

function Matches({
  matches,
  left,
  right,
  mayMerge,
  onMerged,
}: {
  matches: Match[];
  left: string;
  right: string;
  mayMerge: boolean;
  onMerged(match: Match): void;
}) {
  const t = useListText();
  const label = useLabel();
  const { objects } = useCatalog();
  const [shown, setShown] = useState(AT_ONCE);
  const [merging, setMerging] = useState<Match | null>(null);
  const object = left === right ? objects.find(({ name }) => name === left) : undefined;
  return (
    <>
      <ul className="xk-decided" aria-label={t('matches')}>
        {matches.slice(0, shown).map((match) => (
          <li key={`${match.left.id} ${match.right.id}`}>
            <span className="xk-decided-pair">
              <Link to="/o/$object/$id" params={{ object: left, id: match.left.id }}>
                {match.left.title}
              </Link>
              <Link to="/o/$object/$id" params={{ object: right, id: match.right.id }}>
                {match.right.title}
              </Link>
              <small className="xk-muted">
                {match.reasons
                  .slice(0, 2)
                  .map(({ sentence: words }) => withoutScore(label(words)))
                  .join(' · ')}
              </small>
            </span>
            <Badge tone={match.probability >= 0.99 ? 'brand' : 'plain'}>{likeness(match.probability)}</Badge>
            {object && mayMerge && (
              <Button
                size="small"
                aria-label={t('merge-of', { a: match.left.title, b: match.right.title })}
                onClick={() => setMerging(match)}
              >
                {t('merge')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {matches.length > shown && (
        <Button block onClick={() => setShown(shown + AT_ONCE)}>
          {t('more', { n: Math.min(AT_ONCE, matches.length - shown) })}
        </Button>
      )}
      {merging && object && (
        <Suspense fallback={null}>
          <MergeDialog
            object={object}
            records={[merging.left.id, merging.right.id]}
            onClose={() => setMerging(null)}
            onMerged={() => {
              onMerged(merging);
              setMerging(null);
              return undefined;
            }}
          />
        </Suspense>
      )}
    </>
  );
}
