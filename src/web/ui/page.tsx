import { type ReactNode, useEffect } from 'react';

/** What the browser calls the page (WCAG 2.4.2); undefined: as before. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · 鲜客`;
  }, [title]);
}

/** Head of a screen: title, a quiet line below, actions at the right. Every screen begins with one. */
export function PageHeader({
  title,
  hint,
  actions,
  before,
}: {
  title: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  before?: ReactNode;
}) {
  useDocumentTitle(typeof title === 'string' ? title : undefined);
  return (
    <header className="xk-page-header">
      {before}
      <div className="xk-page-title">
        <h1>{title}</h1>
        {hint && <p>{hint}</p>}
      </div>
      {actions && <div className="xk-page-actions">{actions}</div>}
    </header>
  );
}

/** A scrolling screen with comfortable margins; `wide` for tables. */
export function Page({ children, width = 'normal' }: { children: ReactNode; width?: 'narrow' | 'normal' | 'wide' }) {
  return <div className={`xk-page xk-page-${width}`}>{children}</div>;
}

/** A quiet box. */
export function Card({
  title,
  extra,
  children,
  className = '',
}: {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`xk-card ${className}`}>
      {(title || extra) && (
        <div className="xk-card-head">
          <h2>{title}</h2>
          {extra}
        </div>
      )}
      {children}
    </section>
  );
}

/** Empty states teach: what belongs here and the one next step. */
export function EmptyState({
  title,
  hint,
  action,
  icon,
  heading: Heading = 'h2',
}: {
  /** `h1` where the page has no other title. */
  heading?: 'h1' | 'h2';
  title: ReactNode;
  hint?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className="xk-empty">
      <div className="xk-empty-icon" aria-hidden="true">
        {icon ?? <Sprout />}
      </div>
      <Heading>{title}</Heading>
      {hint && <p>{hint}</p>}
      {action && <div className="xk-empty-action">{action}</div>}
    </div>
  );
}

function Sprout() {
  return (
    <svg width="72" height="72" viewBox="0 0 72 72" fill="none" aria-hidden="true">
      <ellipse cx="36" cy="60" rx="22" ry="4" fill="var(--xk-line)" />
      <path d="M36 59V33" stroke="var(--xk-brand)" strokeWidth="2.500" strokeLinecap="round" />
      <path
        d="M36 38c0-11 7-18 20-18 0 12-7 18-20 18z"
        fill="var(--xk-brand-soft)"
        stroke="var(--xk-brand)"
        strokeWidth="1.500"
      />
      <path
        d="M36 46c0-8-6-14-17-14 0 10 6 14 17 14z"
        fill="var(--xk-brand-soft)"
        stroke="var(--xk-brand)"
        strokeWidth="1.500"
      />
    </svg>
  );
}

/** Grey lines in the place of what is coming; shown after 100 ms only, so that quick answers don't flicker. */
export function Skeleton({ lines = 4, title = false }: { lines?: number; title?: boolean }) {
  return (
    <div className="xk-skeleton" aria-hidden="true">
      {title && <span className="xk-bone xk-bone-title" />}
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity
        <span key={index} className="xk-bone" style={{ width: `${92 - ((index * 29) % 45)}%` }} />
      ))}
    </div>
  );
}
