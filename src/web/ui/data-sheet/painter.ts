import { forget, paintCell } from './cell-paint.ts';
import { attr, type Frame, make } from './dom.ts';
import { type ColumnLayout, GUTTER, HEADER, visibleColumns } from './geometry.ts';
import { inRange } from './selection.ts';
import type { DataSheetProps, Range, SheetColumn, Spot } from './types.ts';

/** What one frame shows. */
export interface View {
  props: DataSheetProps;
  layout: ColumnLayout;
  top: number;
  left: number;
  width: number;
  height: number;
  active: Spot | null;
  range: Range | null;
  /** Area that a drag of the fill handle would fill. */
  fill: Range | null;
}

interface RowSlot {
  element: HTMLElement;
  gutter: HTMLElement;
  check: HTMLInputElement;
  number: HTMLElement;
  cells: HTMLElement[];
  group: HTMLElement;
  index: number;
}

/**
 * Rows keep their place in the body while the first one stays within so many: a row that scrolls is then neither laid out nor painted again.
 * Not the place in the table: layers lose whole pixels from some millions on.
 */
const ANCHORED = 2000;

/** Paints header and rows into recycled elements. */
export class Painter {
  readonly #frame: Frame;
  readonly #id: string;
  #slots: RowSlot[] = [];
  #headSignature = '';
  readonly #handle = make('div', 'xs-handle', { 'aria-hidden': 'true' });

  constructor(frame: Frame, id: string) {
    this.#frame = frame;
    this.#id = id;
  }

  cellId(row: number, col: number): string {
    return `${this.#id}-${row}-${col}`;
  }

  /** Returns the rows in view, [first, end). */
  paint(view: View): [number, number] {
    const { props, top, height } = view;
    const size = props.model.size();
    const first = Math.min(Math.floor(top / props.rowHeight), Math.max(0, size - 1));
    const end = Math.min(size, Math.ceil((top + height - HEADER) / props.rowHeight));
    const columns = this.#columnsInView(view);
    this.#paintHead(view, columns);
    const { body, grid } = this.#frame;
    grid.style.setProperty('--sx', `${view.left}px`);
    const base = Math.floor(first / ANCHORED) * ANCHORED;
    body.style.transform = `translate3d(${-view.left}px, ${base * props.rowHeight - top}px, 0)`;
    const space = `${ANCHORED * props.rowHeight + height}px`;
    if (body.style.height !== space) body.style.height = space;
    const width = `${view.layout.width}px`;
    if (body.style.width !== width) body.style.width = width;
    attr(grid, 'aria-rowcount', String(size + 1));
    attr(grid, 'aria-colcount', String(props.columns.length + 1));
    attr(grid, 'aria-label', props.texts.grid);
    this.#fitSlots(Math.max(0, end - first));
    for (let index = first; index < end; index++) this.#paintRow(view, index, base, columns);
    return [first, end];
  }

  #columnsInView(view: View): number[] {
    const [from, to] = visibleColumns(view.layout, view.left, view.width);
    const shown: number[] = [];
    for (let index = 0; index < view.layout.frozen; index++) shown.push(index);
    for (let index = from; index < to; index++) shown.push(index);
    return shown;
  }

  #paintHead(view: View, columns: number[]): void {
    const { props, layout } = view;
    const signature = JSON.stringify([
      columns,
      props.allChecked,
      columns.map((index) => {
        const column = props.columns[index];
        return [column?.key, column?.title, layout.lefts[index], layout.widths[index], column?.sort];
      }),
      view.range && [view.range.left, view.range.right],
      props.texts.columnMenu,
    ]);
    this.#frame.head.style.transform = `translate3d(${-view.left}px, 0, 0)`;
    if (signature === this.#headSignature) return;
    this.#headSignature = signature;
    const row = make('div', 'xs-head-row', { role: 'row', 'aria-rowindex': '1' });
    const all = make('input', '', { type: 'checkbox', tabindex: '-1', 'aria-label': props.texts.selectAll });
    all.checked = props.allChecked ?? false;
    row.append(make('div', 'xs-h xs-gutter xs-frozen', { role: 'columnheader', 'aria-colindex': '1' }, all));
    for (const index of columns) {
      const column = props.columns[index];
      if (column) row.append(this.#headCell(view, column, index));
    }
    row.style.width = `${layout.width}px`;
    this.#frame.head.replaceChildren(row);
  }

  #headCell(view: View, column: SheetColumn, index: number): HTMLElement {
    const { layout, range, props } = view;
    const frozen = index < layout.frozen;
    const hit = range && index >= range.left && index <= range.right ? ' xs-h-in' : '';
    const last = frozen && index === layout.frozen - 1 ? ' xs-last-frozen' : '';
    const cell = make('div', `xs-h${frozen ? ' xs-frozen' : ''}${last}${hit}`, {
      role: 'columnheader',
      'aria-colindex': String(index + 2),
      'data-col': String(index),
      title: column.title,
    });
    if (column.sort) attr(cell, 'aria-sort', column.sort === 'asc' ? 'ascending' : 'descending');
    if (column.icon) cell.append(make('span', 'xs-h-icon', { 'aria-hidden': 'true' }, column.icon));
    cell.append(make('span', 'xs-h-title', {}, column.title));
    if (column.sort)
      cell.append(make('span', 'xs-h-sort', { 'aria-hidden': 'true' }, column.sort === 'asc' ? '↑' : '↓'));
    cell.append(
      make(
        'button',
        'xs-h-menu',
        { type: 'button', tabindex: '-1', 'aria-label': `${column.title} ${props.texts.columnMenu}` },
        '⌄',
      ),
      make('span', 'xs-h-resize', { 'data-resize': String(index) }),
    );
    cell.style.left = `${layout.lefts[index]}px`;
    cell.style.width = `${layout.widths[index]}px`;
    return cell;
  }

  #fitSlots(count: number): void {
    while (this.#slots.length < count) {
      const check = make('input', 'xs-check', { type: 'checkbox', tabindex: '-1' });
      const number = make('span', 'xs-number xk-num');
      const gutter = make('div', 'xs-gutter xs-frozen', { role: 'rowheader', 'aria-colindex': '1' }, number, check);
      const group = make('div', 'xs-group', { role: 'gridcell', 'aria-colindex': '2' });
      const element = make('div', 'xs-row', { role: 'row' }, gutter);
      this.#slots.push({ element, gutter, check, number, cells: [], group, index: -1 });
      this.#frame.body.append(element);
    }
    while (this.#slots.length > count) this.#slots.pop()?.element.remove();
  }

  #paintRow(view: View, index: number, base: number, columns: number[]): void {
    // Rows keep their element while they stay in view, so that scrolling by one row paints one row.
    const slot = this.#slots[index % this.#slots.length];
    if (!slot) return;
    const { props, layout } = view;
    const row = props.model.row(index);
    slot.index = index;
    const { element } = slot;
    const y = `${(index - base) * props.rowHeight}px`;
    if (element.style.top !== y) element.style.top = y;
    const height = `${props.rowHeight}px`;
    if (element.style.height !== height) {
      element.style.height = height;
    }
    const width = `${layout.width}px`;
    if (element.style.width !== width) element.style.width = width;
    attr(element, 'aria-rowindex', String(index + 2));
    if (row?.kind === 'group') {
      this.#paintGroup(slot, row.label, row.count, row.open);
      return;
    }
    if (slot.group.parentNode) {
      slot.group.remove();
      attr(slot.gutter, 'role', 'rowheader');
      element.append(...slot.cells);
    }
    const checked = row !== undefined && (props.allChecked === true || props.checked.has(row.key));
    const className = `xs-row${row ? '' : ' xs-wait'}${checked ? ' xs-checked' : ''}`;
    if (element.className !== className) element.className = className;
    attr(element, 'aria-selected', checked ? 'true' : null);
    const ordinal = String(row?.ordinal ?? index + 1);
    if (slot.number.textContent !== ordinal) slot.number.textContent = ordinal;
    slot.check.checked = checked;
    attr(slot.check, 'aria-label', `${props.texts.selectRow} ${index + 1}`);
    slot.check.hidden = row === undefined;
    this.#fitCells(slot, columns.length);
    columns.forEach((col, position) => {
      const cell = slot.cells[position];
      const column = props.columns[col];
      if (!cell || !column) return;
      const left = `${layout.lefts[col]}px`;
      if (cell.style.left !== left) cell.style.left = left;
      const wide = `${layout.widths[col]}px`;
      if (cell.style.width !== wide) cell.style.width = wide;
      attr(cell, 'aria-colindex', String(col + 2));
      const id = this.cellId(index, col);
      if (cell.id !== id) cell.id = id;
      if (row)
        paintCell(
          cell,
          props.model.cell(index, column),
          this.#mark(view, index, col, column),
          col === 0 ? props.texts.openRow : null,
        );
      else {
        forget(cell);
        cell.className = `xs-cell${col < layout.frozen ? ' xs-frozen' : ''}`;
        cell.textContent = '';
      }
      this.#placeHandle(view, cell, index, col);
    });
  }

  #paintGroup(slot: RowSlot, label: string, count: number, open: boolean): void {
    const { element, group } = slot;
    for (const cell of slot.cells) {
      forget(cell);
      cell.remove();
    }
    if (!group.parentNode) element.append(group);
    element.className = 'xs-row xs-group-row';
    slot.number.textContent = '';
    attr(slot.gutter, 'role', 'gridcell');
    slot.check.hidden = true;
    attr(element, 'aria-selected', null);
    group.replaceChildren(
      make('span', `xs-caret${open ? ' xs-caret-open' : ''}`, { 'aria-hidden': 'true' }, '›'),
      make('strong', '', {}, label),
      make('span', 'xs-count xk-num', {}, count.toLocaleString()),
    );
    attr(element, 'aria-expanded', null);
    attr(group, 'aria-expanded', String(open));
  }

  #fitCells(slot: RowSlot, count: number): void {
    while (slot.cells.length < count) {
      const cell = make('div', 'xs-cell', { role: 'gridcell' });
      slot.cells.push(cell);
      slot.element.append(cell);
    }
    while (slot.cells.length > count) slot.cells.pop()?.remove();
  }

  #mark(view: View, row: number, col: number, column: SheetColumn): string {
    const { layout, range, active, fill } = view;
    let mark = '';
    if (col < layout.frozen) mark += col === layout.frozen - 1 ? ' xs-frozen xs-last-frozen' : ' xs-frozen';
    if (column.align === 'end') mark += ' xs-end';
    if (column.readonly) mark += ' xs-locked';
    if (range && inRange(range, row, col)) {
      if (range.top !== range.bottom || range.left !== range.right) mark += ' xs-in';
      if (row === range.top) mark += ' xs-st';
      if (row === range.bottom) mark += ' xs-sb';
      if (col === range.left) mark += ' xs-sl';
      if (col === range.right) mark += ' xs-sr';
    }
    if (active && active.row === row && active.col === col) mark += ' xs-active';
    if (fill && inRange(fill, row, col)) mark += ' xs-fill';
    return mark;
  }

  #placeHandle(view: View, cell: HTMLElement, row: number, col: number): void {
    const here = view.range !== null && !view.props.readonly && row === view.range.bottom && col === view.range.right;
    if (here) {
      if (this.#handle.parentNode !== cell) cell.append(this.#handle);
    } else if (this.#handle.parentNode === cell) this.#handle.remove();
  }

  /** Row and column of an element inside the body; null outside. */
  rowOf(element: Element): number | null {
    const row = element.closest('.xs-row');
    return this.#slots.find((slot) => slot.element === row)?.index ?? null;
  }
}

/** Where a cell is in the layer. */
export function cellRect(view: View, spot: Spot): { x: number; y: number; width: number; height: number } {
  const left = view.layout.lefts[spot.col] ?? GUTTER;
  const frozen = spot.col < view.layout.frozen;
  return {
    x: frozen ? left : left - view.left,
    y: HEADER + spot.row * view.props.rowHeight - view.top,
    width: view.layout.widths[spot.col] ?? 0,
    height: view.props.rowHeight,
  };
}
