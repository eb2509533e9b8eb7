import { clampTop, fromBar, isScaled, type ScrollSpace, toBar } from './geometry.ts';

/** Where the view stands in the rows; keeps the scroll bar and the position in step, also when the bar stands for a larger space. */
export class Scroller {
  /** px from the first row. */
  top = 0;
  readonly #element: HTMLElement;
  readonly #space: () => ScrollSpace;
  readonly #rowHeight: () => number;
  readonly #onMove: () => void;
  /** Position of the bar as we left it, to tell our own moves from the reader's. */
  #bar = 0;

  constructor(element: HTMLElement, space: () => ScrollSpace, rowHeight: () => number, onMove: () => void) {
    this.#element = element;
    this.#space = space;
    this.#rowHeight = rowHeight;
    this.#onMove = onMove;
  }

  attach(): () => void {
    const scroll = () => this.#onScroll();
    const wheel = (event: WheelEvent) => this.#onWheel(event);
    this.#element.addEventListener('scroll', scroll, { passive: true });
    this.#element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      this.#element.removeEventListener('scroll', scroll);
      this.#element.removeEventListener('wheel', wheel);
    };
  }

  to(top: number): void {
    const space = this.#space();
    this.top = clampTop(space, top);
    this.#element.scrollTop = toBar(space, this.top);
    this.#bar = this.#element.scrollTop;
    this.#onMove();
  }

  /** The list may have become shorter. */
  clamp(): void {
    this.top = clampTop(this.#space(), this.top);
  }

  #onScroll(): void {
    const { scrollTop } = this.#element;
    if (Math.abs(scrollTop - this.#bar) >= 1) {
      this.#bar = scrollTop;
      this.top = fromBar(this.#space(), scrollTop);
    }
    this.#onMove();
  }

  /** A notch of the wheel is a notch of rows, however much space a pixel of the bar stands for. */
  #onWheel(event: WheelEvent): void {
    const space = this.#space();
    if (!isScaled(space) || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? this.#rowHeight() : event.deltaMode === 2 ? space.view : 1;
    this.#element.scrollLeft += event.deltaX * unit;
    this.to(this.top + event.deltaY * unit);
  }
}
