import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Filter } from '../../../domain/filter/types.ts';

/** Leads to the rows behind a figure: the table with the filter in its address. Without a filter, plain text. */
export function RowsLink({
  object,
  filter,
  children,
  className,
}: {
  object: string;
  filter: Filter | null | undefined;
  children: ReactNode;
  className?: string;
}) {
  if (!filter) return <span className={className}>{children}</span>;
  const search = { filter: JSON.stringify(filter) };
  return object === 'customer' ? (
    <Link to="/customers" search={search} className={className}>
      {children}
    </Link>
  ) : (
    <Link to="/o/$object" params={{ object }} search={search} className={className}>
      {children}
    </Link>
  );
}
