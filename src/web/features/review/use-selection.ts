import { useRef, useState } from 'react';
import { rangeOf } from './inbox-model.ts';

/** What is ticked: some of what is shown, or all that match, shown or not. */
export function useSelection(shown: readonly string[]) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [matching, setMatching] = useState(false);
  const last = useRef<string | null>(null);
  // What has left the list is not selected any more.
  const ids = new Set(shown.filter((id) => picked.has(id)));
  const put = (next: Iterable<string>) => {
    setMatching(false);
    setPicked(new Set(next));
  };
  return {
    ids,
    matching,
    toggle: (id: string, range: boolean) => {
      const on = matching ? new Set(shown) : new Set(ids);
      if (range) for (const one of rangeOf(shown, last.current, id)) on.add(one);
      else if (on.has(id)) on.delete(id);
      else on.add(id);
      last.current = id;
      put(on);
    },
    all: () => put(shown),
    takeMatching: () => setMatching(true),
    clear: () => put([]),
  };
}
