/** The list that a record was opened from, so that its page can go to the one before and after. Lives as long as the tab. */
const KEY = 'xianke.neighbours';

export interface Neighbours {
  previous?: string | undefined;
  next?: string | undefined;
}

export function rememberList(object: string, ids: string[]): void {
  sessionStorage.setItem(KEY, JSON.stringify({ object, ids }));
}

export function neighboursOf(object: string, id: string): Neighbours {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as { object: string; ids: string[] } | null;
    const at = kept?.object === object ? kept.ids.indexOf(id) : -1;
    return at < 0 || !kept ? {} : { previous: kept.ids[at - 1], next: kept.ids[at + 1] };
  } catch {
    return {};
  }
}
