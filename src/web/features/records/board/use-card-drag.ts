import { type PointerEvent as ReactPointerEvent, useEffect, useRef, useState } from 'react';
import type { ColumnKey } from './board-store.ts';

/** A press that moves this far is a drag, px. */
const FAR = 6;
/** A finger that rests this long takes the card; a moving one scrolls. */
const HOLD_MS = 280;
/** Near an edge the board scrolls by itself, px and px per frame. */
const EDGE = 56;
const SPEED = 12;

interface Drag {
  id: string;
  element: HTMLElement;
  /** From the corner of the card to the pointer. */
  dx: number;
  dy: number;
  ghost: HTMLElement | null;
  x: number;
  y: number;
}

/** Attribute that names a column; the empty value is written as a space, which no option can be. */
export const columnAttribute = (key: ColumnKey): string => key ?? ' ';

/**
 * Cards dragged with mouse, pen or finger, on pointer events alone. What the keyboard does is the board's own. A drag ends with `onDrop` over a column,
 * with Escape or outside all columns with nothing.
 */
export function useCardDrag(board: React.RefObject<HTMLElement | null>, onDrop: (id: string, to: ColumnKey) => void) {
  const [over, setOver] = useState<ColumnKey | undefined>();
  const [dragged, setDragged] = useState<string>();
  const drop = useRef(onDrop);
  drop.current = onDrop;
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);

  const start = (event: ReactPointerEvent<HTMLElement>, id: string) => {
    if (event.button !== 0 || (event.target as Element).closest('[data-no-drag]')) return;
    stop.current();
    const element = event.currentTarget;
    const { left, top } = element.getBoundingClientRect();
    const { clientX: x0, clientY: y0, pointerId } = event;
    const drag: Drag = { id, element, dx: x0 - left, dy: y0 - top, ghost: null, x: x0, y: y0 };
    const touch = event.pointerType === 'touch';
    let frame = 0;
    let target: ColumnKey | undefined;

    const lift = () => {
      drag.ghost = lifted(drag);
      setDragged(id);
      look();
      frame = requestAnimationFrame(scroll);
    };
    const hold = touch ? setTimeout(lift, HOLD_MS) : undefined;
    const look = () => {
      if (drag.ghost)
        drag.ghost.style.transform = `translate(${drag.x - drag.dx}px, ${drag.y - drag.dy}px) rotate(1.5deg)`;
      const under = document.elementFromPoint(drag.x, drag.y)?.closest<HTMLElement>('[data-column]');
      const name = under?.dataset.column;
      target = name === undefined ? undefined : name === ' ' ? null : name;
      setOver(target);
    };
    const scroll = () => {
      const box = board.current?.getBoundingClientRect();
      if (box && board.current) {
        if (drag.x < box.left + EDGE) board.current.scrollLeft -= SPEED;
        else if (drag.x > box.right - EDGE) board.current.scrollLeft += SPEED;
        look();
      }
      frame = requestAnimationFrame(scroll);
    };
    const move = (next: PointerEvent) => {
      if (next.pointerId !== pointerId) return;
      [drag.x, drag.y] = [next.clientX, next.clientY];
      if (drag.ghost) {
        next.preventDefault();
        look();
      } else if (Math.hypot(drag.x - x0, drag.y - y0) > FAR) {
        // A finger that moves at once scrolls.
        if (touch) end();
        else lift();
      }
    };
    const keepStill = (next: TouchEvent) => {
      if (drag.ghost) next.preventDefault();
    };
    const up = () => {
      const to = drag.ghost ? target : undefined;
      if (drag.ghost) swallowClick(element);
      end();
      if (to !== undefined) drop.current(id, to);
    };
    const key = (next: KeyboardEvent) => {
      if (next.key === 'Escape') end();
    };
    const end = () => {
      clearTimeout(hold);
      cancelAnimationFrame(frame);
      drag.ghost?.remove();
      drag.ghost = null;
      setOver(undefined);
      setDragged(undefined);
      document.removeEventListener('pointermove', move);
      document.removeEventListener('pointerup', up);
      document.removeEventListener('pointercancel', end);
      document.removeEventListener('keydown', key);
      document.removeEventListener('touchmove', keepStill);
      stop.current = () => undefined;
    };
    document.addEventListener('pointermove', move, { passive: false });
    document.addEventListener('pointerup', up);
    document.addEventListener('pointercancel', end);
    document.addEventListener('keydown', key);
    document.addEventListener('touchmove', keepStill, { passive: false });
    stop.current = end;
  };
  return { start, over, dragged };
}

/** The card that follows the hand. */
function lifted({ element }: Drag): HTMLElement {
  const ghost = element.cloneNode(true) as HTMLElement;
  ghost.classList.add('xk-board-ghost');
  ghost.style.width = `${element.offsetWidth}px`;
  ghost.setAttribute('aria-hidden', 'true');
  ghost.inert = true;
  document.body.append(ghost);
  return ghost;
}

/** The click that ends a drag opens nothing. */
function swallowClick(element: HTMLElement): void {
  const swallow = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
  };
  element.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => element.removeEventListener('click', swallow, true), 50);
}
