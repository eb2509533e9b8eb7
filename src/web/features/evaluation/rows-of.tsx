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

const DAY_MS = 86_400_000;

/** Customers with something due within so many days of a moment; of one owner (null: nobody's) where asked. */
export function dueWithin(at: string, days: number, ownerField?: string, owner?: string | null): Filter {
  const due: Filter = { field: '$due_at', op: 'lte', value: new Date(Date.parse(at) + days * DAY_MS).toISOString() };
  if (ownerField === undefined || owner === undefined) return due;
  const his: Filter =
    owner === null ? { field: ownerField, op: 'empty' } : { field: ownerField, op: 'eq', value: owner };
  return { all: [his, due] };
}
