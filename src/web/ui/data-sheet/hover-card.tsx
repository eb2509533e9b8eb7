import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { landmark } from '../landmark.ts';
import { spotAt } from './pointer.ts';
import type { Sheet } from './sheet.ts';
import type { DataSheetProps, Spot } from './types.ts';

interface Shown {
  spot: Spot;
  key: string;
  rect: DOMRect;
}

/** Opens after resting on a cell; stays while the pointer is in it. The same card opens from the keyboard in the record page. */
export function HoverCard({
  host,
  sheet,
  render,
}: {
  host: RefObject<HTMLDivElement | null>;
  sheet: RefObject<Sheet | null>;
  render: DataSheetProps['renderHover'];
}) {
  const [shown, setShown] = useState<Shown | null>(null);
  const card = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let at = '';
    const close = (delay: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => setShown(null), delay);
    };
    const move = (event: PointerEvent) => {
      const cell = event.target instanceof Element ? event.target.closest('.xs-cell') : null;
      if (card.current?.contains(event.target as Node)) {
        clearTimeout(timer);
        return;
      }
      if (!cell || event.buttons !== 0 || event.pointerType === 'touch' || !sheet.current) {
        if (at !== '') close(180);
        at = '';
        return;
      }
      if (cell.id === at) return;
      at = cell.id;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const current = sheet.current;
        if (!current) return;
        const spot = spotAt(current, event.clientX, event.clientY);
        const row = current.props.model.row(spot.row);
        setShown(
          row?.kind === 'record' && spot.col >= 0 ? { spot, key: row.key, rect: current.screenRect(spot) } : null,
        );
      }, 420);
    };
    const away = () => {
      at = '';
      setShown(null);
      clearTimeout(timer);
    };
    document.addEventListener('pointermove', move);
    element.addEventListener('pointerdown', away);
    element.addEventListener('wheel', away, { passive: true });
    element.addEventListener('keydown', away);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointermove', move);
      element.removeEventListener('pointerdown', away);
      element.removeEventListener('wheel', away);
      element.removeEventListener('keydown', away);
    };
  }, [host, sheet]);

  useLayoutEffect(() => {
    const element = card.current;
    if (!element || !shown) return;
    const { rect } = shown;
    const { offsetHeight: height, offsetWidth: width } = element;
    const below = rect.bottom + 2 + height <= innerHeight;
    element.style.top = `${below ? rect.bottom + 2 : Math.max(8, rect.top - height - 2)}px`;
    element.style.left = `${Math.max(8, Math.min(rect.left, innerWidth - width - 8))}px`;
  });

  const column = shown && sheet.current?.props.columns[shown.spot.col];
  const content: ReactNode = shown && column ? render(shown.spot, shown.key, column) : null;
  if (!content) return null;
  return createPortal(
    <div ref={card} className="xs-hover">
      {content}
    </div>,
    landmark(),
  );
}
