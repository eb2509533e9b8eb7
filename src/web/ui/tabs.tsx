import { type ReactNode, useId, useRef } from 'react';
import './tabs.css';

/** Parts of a screen, one at a time; arrows go from tab to tab (WAI-ARIA Authoring Practices, tabs). Only the chosen part is there. */
export function Tabs<Key extends string>({
  label,
  tabs,
  value,
  onChange,
  look = 'line',
  children,
}: {
  label: string;
  tabs: { key: NoInfer<Key>; label: string }[];
  value: Key;
  onChange(next: NoInfer<Key>): void;
  /** `line`: parts of a page; `bar`: parts of a panel. */
  look?: 'line' | 'bar';
  children: ReactNode;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const go = (by: number) => {
    const at = tabs.findIndex((one) => one.key === value);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.key);
    list.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
  };
  return (
    <>
      <div
        ref={list}
        className={`xk-tabs xk-tabs-${look}`}
        role="tablist"
        aria-label={label}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') go(1);
          else if (event.key === 'ArrowLeft') go(-1);
        }}
      >
        {tabs.map((one) => (
          <button
            key={one.key}
            type="button"
            role="tab"
            id={`${id}${one.key}`}
            data-key={one.key}
            aria-selected={one.key === value}
            aria-controls={`${id}panel`}
            tabIndex={one.key === value ? 0 : -1}
            onClick={() => onChange(one.key)}
          >
            {one.label}
          </button>
        ))}
      </div>
      <div className="xk-tab-panel" id={`${id}panel`} role="tabpanel" aria-labelledby={`${id}${value}`}>
        {children}
      </div>
    </>
  );
}
