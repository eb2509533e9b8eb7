import { copyRange, pasteInto } from './clipboard.ts';
import { attr, type Frame, makeFrame } from './dom.ts';
import { HEADER, layoutColumns, revealRow, type ScrollSpace, scrollSpace } from './geometry.ts';
import { handleKey } from './keys.ts';
import { cellRect, Painter, type View } from './painter.ts';
import { attachPointer } from './pointer.ts';
import { toggleCell } from './range-edit.ts';
import { Scroller } from './scroller.ts';
import { clampSpot, type Move, moved, rangeOf, type Selection, single, walked } from './selection.ts';
import type { DataSheetProps, EditSession, Range, Spot } from './types.ts';

/** What React draws around the painted cells. */
export interface Surroundings {
  session: EditSession | null;
  /** Where the edited cell is on the screen. */
  anchor: DOMRect | null;
}

let sheets = 0;

/**
 * The sheet without React: scrolling, selection, typing, clipboard. A text box lies over the active cell and always holds the focus,
 * invisible until something is typed, so that an input method can start a composition in a cell that is merely selected.
 */
export class Sheet {
  readonly frame: Frame;
  readonly scroller: Scroller;
  readonly #painter: Painter;
  readonly #host: HTMLElement;
  readonly #onSurroundings: (next: Surroundings) => void;
  readonly #stops: (() => void)[] = [];
  props: DataSheetProps;
  selection: Selection | null = null;
  fill: Range | null = null;
  session: EditSession | null = null;
  /** Keys go to an open panel first. */
  panelKeys: ((event: KeyboardEvent) => boolean) | null = null;
  panelLeave: (() => void) | null = null;
  #width = 0;
  #height = 0;
  #frameRequest = 0;
  #late: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe: () => void = () => {};
  #shown: [number, number] = [0, 0];
  /** Where Enter after a row of Tabs returns to, as in Excel. */
  tabStart: number | null = null;

  constructor(host: HTMLElement, props: DataSheetProps, onSurroundings: (next: Surroundings) => void) {
    this.#host = host;
    this.props = props;
    this.#onSurroundings = onSurroundings;
    this.frame = makeFrame(host);
    this.scroller = new Scroller(
      this.frame.scroll,
      () => this.space(),
      () => this.props.rowHeight,
      () => this.invalidate(),
    );
    this.#painter = new Painter(this.frame, `xs${sheets++}`);
    this.#unsubscribe = props.model.subscribe(() => this.invalidate());
    this.#listen();
    this.#measure();
    this.invalidate();
  }

  // ── lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────

  update(props: DataSheetProps): void {
    if (props.model !== this.props.model) {
      this.#unsubscribe();
      this.#unsubscribe = props.model.subscribe(() => this.invalidate());
      this.cancelEdit();
      this.selection = null;
      this.scroller.to(0);
    }
    this.props = props;
    this.invalidate();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frameRequest);
    clearTimeout(this.#late);
    this.#unsubscribe();
    for (const stop of this.#stops) stop();
    this.frame.scroll.remove();
  }

  #listen(): void {
    const { scroll, input } = this.frame;
    const on = <K extends keyof HTMLElementEventMap>(
      target: HTMLElement,
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
      options?: AddEventListenerOptions,
    ) => {
      target.addEventListener(type, listener, options);
      this.#stops.push(() => target.removeEventListener(type, listener, options));
    };
    this.#stops.push(this.scroller.attach());
    on(input, 'keydown', (event) => handleKey(this, event));
    on(input, 'compositionstart', () => {
      if (!this.session) this.beginEdit(true);
    });
    on(input, 'input', () => this.#onInput());
    on(input, 'copy', (event) => copyRange(this, event, false));
    on(input, 'cut', (event) => copyRange(this, event, true));
    on(input, 'paste', (event) => pasteInto(this, event));
    on(input, 'focus', () => {
      this.#host.classList.add('xs-focused');
      if (!this.selection && this.props.model.size() > 0) this.select(single({ row: 0, col: 0 }), false);
    });
    on(input, 'blur', () => {
      this.#host.classList.remove('xs-focused');
      if (this.session?.column.editor !== 'panel') this.commitText('none');
    });
    this.#stops.push(attachPointer(this));
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(scroll);
    this.#stops.push(() => observer.disconnect());
  }

  // ── scrolling ─────────────────────────────────────────────────────────────────────────────────────────────────

  space(): ScrollSpace {
    return scrollSpace(this.props.model.size(), this.props.rowHeight, Math.max(0, this.#height - HEADER));
  }

  #measure(): void {
    this.#width = this.frame.scroll.clientWidth;
    this.#height = this.frame.scroll.clientHeight;
    this.invalidate();
  }

  scrollBy(x: number, y: number): void {
    if (x !== 0) this.frame.scroll.scrollLeft += x;
    if (y !== 0) this.scroller.to(this.scroller.top + y);
  }

  reveal(spot: Spot): void {
    const space = this.space();
    const top = revealRow(space, this.scroller.top, spot.row, this.props.rowHeight);
    if (top !== this.scroller.top) this.scroller.to(top);
    const layout = layoutColumns(this.props.columns);
    if (spot.col < layout.frozen) return;
    const left = layout.lefts[spot.col] ?? 0;
    const right = left + (layout.widths[spot.col] ?? 0);
    const { scroll } = this.frame;
    if (left - scroll.scrollLeft < layout.frozenWidth) scroll.scrollLeft = left - layout.frozenWidth;
    else if (right - scroll.scrollLeft > this.#width) scroll.scrollLeft = right - this.#width;
    this.invalidate();
  }

  pageRows(): number {
    return Math.max(1, Math.floor((this.#height - HEADER) / this.props.rowHeight) - 1);
  }

  // ── painting ──────────────────────────────────────────────────────────────────────────────────────────────────

  view(): View {
    const range = this.selection ? rangeOf(this.selection) : null;
    return {
      props: this.props,
      layout: layoutColumns(this.props.columns),
      top: this.scroller.top,
      left: this.frame.scroll.scrollLeft,
      width: this.#width,
      height: this.#height,
      active: this.selection?.active ?? null,
      range,
      fill: this.fill,
    };
  }

  /** Paints with the next frame; a covered window gets no frames, and what assistive technology reads of it must not wait for one. */
  invalidate(): void {
    if (this.#frameRequest !== 0) return;
    this.#frameRequest = requestAnimationFrame(() => this.#paint());
    this.#late = setTimeout(() => this.#paint(), 250);
  }

  #paint(): void {
    cancelAnimationFrame(this.#frameRequest);
    clearTimeout(this.#late);
    this.#frameRequest = 0;
    const space = this.space();
    this.scroller.clamp();
    const view = this.view();
    const { layer, space: spacer } = this.frame;
    layer.style.width = `${this.#width}px`;
    layer.style.height = `${this.#height}px`;
    spacer.style.width = `${view.layout.width}px`;
    spacer.style.height = `${Math.max(0, space.physical + HEADER - this.#height)}px`;
    const [first, end] = this.#painter.paint(view);
    this.#placeInput(view);
    if (end > first) this.props.model.need(first, end);
    if (first !== this.#shown[0] || end !== this.#shown[1]) {
      this.#shown = [first, end];
      this.props.onView?.(first, end);
    }
  }

  #placeInput(view: View): void {
    const { input } = this.frame;
    const active = view.active;
    if (!active) {
      attr(input, 'aria-label', this.props.texts.grid);
      return;
    }
    const rect = cellRect(view, active);
    const column = this.props.columns[active.col];
    input.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
    input.style.minWidth = `${rect.width}px`;
    input.style.minHeight = `${rect.height}px`;
    attr(input, 'aria-activedescendant', this.#painter.cellId(active.row, active.col));
    const row = this.props.model.row(active.row);
    const value = row?.kind === 'record' && column ? this.props.model.cell(active.row, column).text : '';
    attr(input, 'aria-label', this.props.texts.editorLabel(active.row + 1, column?.title ?? '', value));
  }

  /** Where a cell is on the screen. */
  screenRect(spot: Spot): DOMRect {
    const rect = cellRect(this.view(), spot);
    const host = this.frame.layer.getBoundingClientRect();
    return new DOMRect(host.x + rect.x, host.y + rect.y, rect.width, rect.height);
  }

  rowOf(element: Element): number | null {
    return this.#painter.rowOf(element);
  }

  // ── selection ─────────────────────────────────────────────────────────────────────────────────────────────────

  bounds(): { rows: number; cols: number } {
    return { rows: this.props.model.size(), cols: this.props.columns.length };
  }

  select(selection: Selection | null, reveal: boolean): void {
    this.selection = selection;
    if (selection && reveal) this.reveal(selection.focus);
    this.props.onSelection?.(selection ? rangeOf(selection) : null);
    this.invalidate();
  }

  move(move: Move, extend: boolean): void {
    if (!this.selection) return;
    this.tabStart = null;
    // The first column is frozen and always in sight: going home means the others too.
    if (move === 'first' || move === 'row-start') this.frame.scroll.scrollLeft = 0;
    this.select(moved(this.selection, move, this.bounds(), this.pageRows(), extend), true);
  }

  walk(by: 'tab' | 'enter', back: boolean): void {
    if (!this.selection) return;
    const range = rangeOf(this.selection);
    const one = range.top === range.bottom && range.left === range.right;
    if (by === 'tab' && one && this.tabStart === null) this.tabStart = this.selection.active.col;
    let next = walked(this.selection, by, back, this.bounds());
    if (by === 'enter') {
      if (one && this.tabStart !== null) next = single({ row: next.active.row, col: this.tabStart });
      this.tabStart = null;
    }
    this.selection = next;
    this.reveal(next.active);
    this.select(next, false);
  }

  selectAt(row: number, col: number): void {
    this.select(single(clampSpot({ row, col }, this.bounds())), true);
    this.focus();
  }

  focus(): void {
    this.frame.input.focus({ preventScroll: true });
  }

  // ── editing ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens the editor on the active cell. `typed`: replace the value by what is being typed; otherwise begin with the value. */
  beginEdit(typed: boolean): void {
    const spot = this.selection?.active;
    const column = spot && this.props.columns[spot.col];
    const row = spot && this.props.model.row(spot.row);
    if (!spot || !column || row?.kind !== 'record') {
      if (typed) this.frame.input.value = '';
      return;
    }
    if (this.props.readonly || column.readonly) {
      this.frame.input.value = '';
      this.props.onNotice({ kind: 'readonly' });
      return;
    }
    if (column.editor === 'toggle') {
      this.frame.input.value = '';
      if (!typed) toggleCell(this, spot);
      return;
    }
    this.reveal(spot);
    const { input } = this.frame;
    const text = this.props.model.editText(spot.row, column);
    if (!typed) {
      input.value = text;
      input.setSelectionRange(text.length, text.length);
    }
    // A panel's box starts empty to be searched; the value stays in sight behind it.
    input.placeholder = column.editor === 'panel' ? this.props.model.cell(spot.row, column).text : '';
    this.session = {
      spot,
      key: row.key,
      column,
      text: input.value,
      typed,
      stamp: this.props.model.stamp(spot.row),
    };
    this.#host.classList.add('xs-editing');
    this.#host.classList.toggle('xs-editing-panel', column.editor === 'panel');
    this.#grow();
    this.#tell();
  }

  #onInput(): void {
    const began = this.session === null;
    if (began) this.beginEdit(true);
    if (!this.session) return;
    this.session = { ...this.session, text: this.frame.input.value, typed: true };
    this.#grow();
    // Only a panel follows what is typed; a plain cell is the text box alone.
    if (!began && this.session.column.editor === 'panel') this.#tell();
  }

  /** The box grows with its text, as in Excel. */
  #grow(): void {
    const { input } = this.frame;
    input.style.width = '0';
    input.style.height = '0';
    input.style.width = `${Math.min(input.scrollWidth + 4, 480)}px`;
    input.style.height = `${Math.min(input.scrollHeight, 220)}px`;
  }

  #tell(): void {
    this.#onSurroundings({
      session: this.session,
      anchor: this.session ? this.screenRect(this.session.spot) : null,
    });
  }

  #close(): void {
    this.session = null;
    this.panelKeys = null;
    this.panelLeave = null;
    this.frame.input.value = '';
    this.#host.classList.remove('xs-editing', 'xs-editing-panel');
    this.#tell();
    this.invalidate();
  }

  cancelEdit(): void {
    if (this.session) this.#close();
  }

  /** A press outside an open panel: it may keep what was chosen, else nothing changes. */
  leave(): void {
    this.panelLeave?.();
    this.cancelEdit();
  }

  /** Ends editing with the typed text. */
  commitText(then: 'down' | 'up' | 'right' | 'left' | 'none'): void {
    const { session } = this;
    if (session && session.column.editor !== 'panel') {
      const before = this.props.model.editText(session.spot.row, session.column);
      const after = this.frame.input.value;
      this.#close();
      if (after !== before) this.#edit(session, after);
    } else if (session) this.leave();
    this.#after(then);
  }

  /** Ends editing with a value from a panel. */
  commitValue(value: unknown, then: 'down' | 'right' | 'none'): void {
    const { session } = this;
    if (!session) return;
    this.#close();
    this.#edit(session, value);
    this.#after(then);
    this.focus();
  }

  #edit(session: EditSession, value: unknown): void {
    const { spot, key, column, stamp } = session;
    this.props.onEdit([{ row: spot.row, key, column: column.key, value, stamp }]);
  }

  #after(then: 'down' | 'up' | 'right' | 'left' | 'none'): void {
    if (then === 'down' || then === 'up') this.walk('enter', then === 'up');
    else if (then === 'right' || then === 'left') this.walk('tab', then === 'left');
  }
}
