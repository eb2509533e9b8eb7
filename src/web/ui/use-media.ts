import { useSyncExternalStore } from 'react';

/** Does a media query hold now; renders again when that changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = matchMedia(query);
      list.addEventListener('change', notify);
      return () => list.removeEventListener('change', notify);
    },
    () => matchMedia(query).matches,
  );
}

/** Phone width: cards instead of the grid, the bar at the bottom. Same number as in theme.css. */
export const usePhone = (): boolean => useMedia('(max-width: 719px)');
