import { Link } from '@tanstack/react-router';

/** The one way to name another record: its title, leading to its page. */
export function RecordLink({ object, id, title }: { object: string; id: string; title: string }) {
  return (
    <Link to="/o/$object/$id" params={{ object, id }}>
      {title}
    </Link>
  );
}
