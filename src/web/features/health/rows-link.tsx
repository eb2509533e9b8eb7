import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Filter } from '../../../domain/filter/types.ts';

/** Leads to the rows behind a figure: the table with the filter in its address, or the queue of possible duplicates. Without either, plain text. */
export function RowsLink({
  object,
  filter,
  children,
  className,
}: {
  object: string;
  filter: Filter | 'duplicates' | null | undefined;
  children: ReactNode;
  className?: string;
}) {
  if (!filter) return <span className={className}>{children}</span>;
  if (filter === 'duplicates')
    return (
      <Link to="/duplicates" search={{ object }} className={className}>
        {children}
      </Link>
    );
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
