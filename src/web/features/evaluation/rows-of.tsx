import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Filter } from '../../../domain/filter/types.ts';

/** Numbers lead to rows: the table of an object with the filter in its address; plain text without one. */
export function RowsOf({ object, filter, children }: { object: string; filter: Filter | null; children: ReactNode }) {
  if (!filter) return <>{children}</>;
  const search = { filter: JSON.stringify(filter) };
  return object === 'customer' ? (
    <Link to="/customers" search={search} className="xk-rows-of">
      {children}
    </Link>
  ) : (
    <Link to="/o/$object" params={{ object }} search={search} className="xk-rows-of">
      {children}
    </Link>
  );
}
