import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { landmark } from './landmark.ts';
import './floating.css';

/** A box at a place of the screen: below it, or above when there is no room; closes on a press outside and on Escape. */
export function Floating({
  anchor,
  onOutside,
  label,
  children,
}: {
  anchor: DOMRect;
  onOutside(): void;
  label?: string;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const outside = useRef(onOutside);
  outside.current = onOutside;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const place = () => {
      const { offsetHeight: height, offsetWidth: width } = element;
      const below = anchor.bottom + 4 + height <= innerHeight;
      element.style.top = `${below ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4)}px`;
      element.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
    };
    place();
    // What is inside may grow by itself: one box after the other.
    const observer = new ResizeObserver(place);
    observer.observe(element);
    return () => observer.disconnect();
  });
  useLayoutEffect(() => {
    // Who opened it gets the keyboard back, unless it has gone elsewhere meanwhile.
    const before = document.activeElement;
    opener.current = before instanceof HTMLElement && before !== document.body ? before : null;
    return () => {
      const now = document.activeElement;
      if (opener.current?.isConnected && now && box.current?.contains(now))
        opener.current.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const down = (event: PointerEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (
        !target ||
        box.current?.contains(target) ||
        target.closest('[data-xs-input], .ant-select-dropdown, .ant-picker-dropdown')
      )
        return;
      if (opener.current?.contains(target)) swallowClick(opener.current);
      outside.current();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && box.current?.contains(document.activeElement)) outside.current();
    };
    document.addEventListener('pointerdown', down, true);
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('pointerdown', down, true);
      document.removeEventListener('keydown', key);
    };
  }, []);
  return createPortal(
    <div ref={box} className="xk-floating" {...(label !== undefined && { role: 'dialog', 'aria-label': label })}>
      {children}
    </div>,
    landmark(),
  );
}

/** A press on the button that opened a box closes the box; the click that follows must not open it again. */
function swallowClick(on: HTMLElement): void {
  const swallow = (event: MouseEvent) => {
    if (event.target instanceof Node && on.contains(event.target)) event.stopPropagation();
  };
  document.addEventListener('click', swallow, true);
  const stop = () => setTimeout(() => document.removeEventListener('click', swallow, true));
  document.addEventListener('pointerup', stop, { once: true });
}

export interface MenuItem {
  key: string;
  label: ReactNode;
  icon?: ReactNode;
  /** A line above. */
  apart?: boolean;
  danger?: boolean;
  onPick(): void;
}

/** A menu at a place of the screen; arrows move, Enter picks. */
export function FloatingMenu({
  anchor,
  items,
  head,
  onClose,
}: {
  anchor: DOMRect;
  items: MenuItem[];
  /** A quiet block above the items. */
  head?: ReactNode;
  onClose(): void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  return (
    <Floating anchor={anchor} onOutside={onClose}>
      {head && <div className="xk-menu-head">{head}</div>}
      <div
        ref={list}
        className="xk-menu"
        role="menu"
        tabIndex={-1}
        onKeyDown={(event) => {
          const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
          const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            buttons[(at + step + buttons.length) % buttons.length]?.focus();
          }
          if (event.key === 'Tab') onClose();
        }}
      >
        {items.map((item) => (
          <button
            key={item.key}
            type="button"
            role="menuitem"
            className={`xk-menu-item${item.apart ? ' xk-menu-apart' : ''}${item.danger ? ' xk-menu-danger' : ''}`}
            onClick={() => {
              onClose();
              item.onPick();
            }}
          >
            <span className="xk-menu-icon" aria-hidden="true">
              {item.icon}
            </span>
            {item.label}
          </button>
        ))}
      </div>
    </Floating>
  );
}
