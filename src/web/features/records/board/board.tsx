import { lazy, Suspense, useLayoutEffect, useRef } from 'react';
import { stagesOf } from '../../../../domain/schema/stages.ts';
import type { FieldDef, ObjectDef } from '../../../../domain/schema/types.ts';
import { useLabel } from '../../../i18n/core.ts';
import { formatShare } from '../../../i18n/phrase.ts';
import { Failure } from '../../../ui/error-boundary.tsx';
import { BoardColumn } from './board-column.tsx';
import type { ColumnKey } from './board-store.ts';
import { useBoardText } from './texts.ts';
import { type BoardQuery, useBoard } from './use-board.ts';
import { useCardDrag } from './use-card-drag.ts';
import './board.css';

const ConflictDialog = lazy(async () => ({ default: (await import('../conflict-dialog.tsx')).ConflictDialog }));

/**
 * Records as cards in columns, one per option of a field. Cards are dragged, or moved by Shift and an arrow, or by the menu of each; all the same
 * change, which can be undone.
 */
export function Board({
  object,
  query,
  fields,
  onOpen,
  onCreate,
}: {
  object: ObjectDef;
  query: BoardQuery;
  /** Shown on a card below its title, as far as they have values. */
  fields: FieldDef[];
  /** @param ids the cards of its column, for going on to the next */
  onOpen(id: string, ids: string[]): void;
  /** A new record that begins in a column. */
  onCreate(preset: Record<string, string>): void;
}) {
  const t = useBoardText();
  const label = useLabel();
  const state = useBoard(object, query);
  const { store, columns } = state;
  const box = useRef<HTMLElement>(null);
  const drag = useCardDrag(box, (id, to) => void state.move(id, to));
  const chances = new Map(stagesOf(query.by).map((stage) => [stage.value, stage]));

  const focusCard = (id: string | undefined) => {
    const card = id === undefined ? null : box.current?.querySelector<HTMLElement>(`[data-card="${id}"]`);
    card?.focus();
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  // A card that others or the server put elsewhere is another element: the keyboard stays with it.
  const focused = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (document.activeElement === document.body) focusCard(focused.current);
  });
  const onKey = (event: React.KeyboardEvent, id: string) => {
    const from = store.place(id);
    if (from === undefined) return;
    const at = columns.indexOf(from);
    const ids = store.column(from).ids;
    const row = ids.indexOf(id);
    const side = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (side !== 0 && event.shiftKey) {
      const to: ColumnKey | undefined = columns[at + side];
      event.preventDefault();
      if (to === undefined || (to === null && query.by.required)) return;
      void state.move(id, to);
      // The card is another element in another column.
      requestAnimationFrame(() => focusCard(id));
    } else if (side !== 0) {
      event.preventDefault();
      for (let next = at + side; next >= 0 && next < columns.length; next += side) {
        const those = store.column(columns[next] ?? null).ids;
        const found = those[Math.min(row, those.length - 1)];
        if (found !== undefined) return focusCard(found);
      }
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      focusCard(ids[row + (event.key === 'ArrowDown' ? 1 : -1)]);
    }
  };

  if (state.failed && columns.every((key) => store.column(key).ids.length === 0))
    return <Failure error={state.failed} onRetry={state.retry} />;
  return (
    <>
      <section
        ref={box}
        className="xk-board"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (axe scrollable-region-focusable)
        tabIndex={0}
        aria-label={t('board', { object: label(object.plural) })}
        onFocus={(event) => {
          focused.current = event.target.dataset.card;
        }}
        onPointerDown={() => {
          focused.current = undefined;
        }}
      >
        {columns.map((key) => {
          const stage = key === null ? undefined : chances.get(key);
          return (
            <BoardColumn
              key={key ?? ' '}
              object={object}
              state={state}
              column={key}
              columns={columns}
              query={query}
              fields={fields}
              tone={stage?.kind}
              hint={
                stage?.kind === 'open' && stage.probability > 0
                  ? t('chance-of', { p: formatShare(stage.probability) })
                  : ''
              }
              over={drag.over === key && drag.dragged !== undefined}
              dragged={drag.dragged}
              onPress={drag.start}
              onKey={onKey}
              onOpen={(id) => onOpen(id, store.column(key).ids)}
              onCreate={key === null || object.appendOnly ? undefined : () => onCreate({ [query.by.name]: key })}
            />
          );
        })}
      </section>
      <p className="xk-board-keys xk-muted">{t('keys')}</p>
      <p className="xk-visually-hidden" role="status">
        {state.said}
      </p>
      {state.conflicts.length > 0 && (
        <Suspense fallback={null}>
          <ConflictDialog
            object={object}
            conflicts={state.conflicts}
            env={state.env}
            titleOf={(id) => String(store.row(id)?.values[object.title] ?? '')}
            onDone={(mine) => {
              state.dismissConflicts();
              if (mine.length > 0) state.insist(mine);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
