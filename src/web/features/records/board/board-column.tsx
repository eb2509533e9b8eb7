import { MoreOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { FieldText } from '../../../fields/field-text.tsx';
import { type FormatEnv, formatValue } from '../../../fields/format.ts';
import { shortAmount } from '../../../fields/short-amount.ts';
import { useLang, useNoun } from '../../../i18n/core.ts';
import { FloatingMenu } from '../../../ui/floating.tsx';
import { Leaf } from '../../../ui/leaf.tsx';
import { Skeleton } from '../../../ui/page.tsx';
import type { Row } from '../block-store.ts';
import type { ColumnKey } from './board-store.ts';
import { useBoardText } from './texts.ts';
import type { BoardQuery, BoardState } from './use-board.ts';
import { columnAttribute } from './use-card-drag.ts';

/** Facts on a card. */
const FACTS = 4;

/** One column: what it is, how many and how much, and its cards, more of them when the end comes into view. */
export function BoardColumn({
  object,
  state,
  column,
  columns,
  query,
  fields,
  tone,
  hint,
  over,
  dragged,
  onPress,
  onKey,
  onOpen,
  onCreate,
}: {
  object: ObjectDef;
  state: BoardState;
  column: ColumnKey;
  columns: readonly ColumnKey[];
  query: BoardQuery;
  fields: FieldDef[];
  tone: 'open' | 'won' | 'lost' | undefined;
  hint: string;
  over: boolean;
  dragged: string | undefined;
  onPress(event: PointerEvent<HTMLElement>, id: string): void;
  onKey(event: KeyboardEvent, id: string): void;
  onOpen(id: string): void;
  onCreate: (() => void) | undefined;
}) {
  const t = useBoardText();
  const lang = useLang();
  const noun = useNoun();
  const [menu, setMenu] = useState<{ id: string; at: DOMRect } | null>(null);
  const { store, env } = state;
  const { ids, count, sum, next, state: loading } = store.column(column);
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const element = end.current;
    if (!element || next === undefined) return;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && void store.more(column), {
      rootMargin: '300px',
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [next, store, column]);
  const name = state.nameOf(column);
  const currency = object.fields.find((field) => field.name === query.sum);
  const create = onCreate && t('add', { to: name, object: noun(object.label) });
  return (
    <section
      className={`xk-board-column${over ? ' xk-board-over' : ''}`}
      data-column={columnAttribute(column)}
      aria-label={`${name} ${t('cards', { n: count })}`}
    >
      <header className={`xk-board-head xk-board-tone-${tone ?? 'plain'}`}>
        <h2>
          {name} <span className="xk-num xk-muted">{count}</span>
        </h2>
        {create && (
          <Button
            size="small"
            type="text"
            icon={<PlusOutlined />}
            aria-label={create}
            title={create}
            onClick={onCreate}
          />
        )}
        <p className="xk-muted">
          {[sum !== null && currency ? t('sum', { sum: shortAmount(sum, currency, lang) }) : '', hint]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </header>
      <ul>
        {ids.map((id) => {
          const row = store.row(id);
          if (!row) return null;
          const title = String(row.values[object.title] ?? '');
          return (
            // A press takes the card; the button inside opens it, and the menu beside it moves it without dragging (WCAG 2.5.7).
            <li
              key={id}
              className={`xk-board-card${dragged === id ? ' xk-board-lifted' : ''}`}
              onPointerDown={(event) => onPress(event, id)}
            >
              <button
                type="button"
                data-card={id}
                className="xk-board-open"
                onClick={() => onOpen(id)}
                onKeyDown={(event) => onKey(event, id)}
              >
                <span className="xk-board-title">
                  <strong>{title}</strong>
                  {row.freshness && <Leaf confidence={row.freshness.score} />}
                </span>
                <CardFacts object={object} row={row} by={query.by} fields={fields} env={env} />
              </button>
              <button
                type="button"
                data-no-drag
                className="xk-board-menu"
                aria-label={t('move-card', { title })}
                title={t('move-to')}
                onClick={(event) => setMenu({ id, at: event.currentTarget.getBoundingClientRect() })}
              >
                <MoreOutlined />
              </button>
            </li>
          );
        })}
        {loading === 'loading' && ids.length === 0 && (
          <li aria-hidden="true">
            <Skeleton lines={3} />
          </li>
        )}
        {loading === 'ready' && ids.length === 0 && <li className="xk-muted xk-board-empty">{t('empty')}</li>}
        {next !== undefined && (
          <li ref={end}>
            <Button block type="text" loading={loading === 'loading'} onClick={() => void store.more(column)}>
              {t('more')}
            </Button>
          </li>
        )}
      </ul>
      {menu && (
        <FloatingMenu
          anchor={menu.at}
          head={t('move-to')}
          items={columns
            .filter((key) => key !== column && !(key === null && query.by.required))
            .map((key) => ({
              key: columnAttribute(key),
              label: state.nameOf(key),
              onPick: () => void state.move(menu.id, key),
            }))}
          onClose={() => setMenu(null)}
        />
      )}
    </section>
  );
}

function CardFacts({
  object,
  row,
  by,
  fields,
  env,
}: {
  object: ObjectDef;
  row: Row;
  by: FieldDef;
  fields: FieldDef[];
  env: FormatEnv;
}) {
  const shown = fields
    .filter((field) => field.name !== object.title && field.name !== by.name)
    .filter((field) => formatValue(row.values[field.name], field, env) !== '')
    .slice(0, FACTS);
  return (
    <span className="xk-board-facts">
      {shown.map((field) => (
        <span key={field.name} className={field.type === 'money' ? 'xk-num xk-board-money' : undefined}>
          <FieldText field={field} value={row.values[field.name]} env={env} link={false} />
        </span>
      ))}
    </span>
  );
}
