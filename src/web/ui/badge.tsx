import type { ReactNode } from 'react';
import './badge.css';

/** A word on a quiet ground: role, state, recommendation. Colours hold 4.5 : 1 in both themes. */
export function Badge({ tone = 'plain', children }: { tone?: 'plain' | 'brand' | 'warn'; children: ReactNode }) {
  return <span className={`xk-badge xk-badge-${tone}`}>{children}</span>;
}
