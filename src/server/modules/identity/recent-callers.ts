/** A credential is looked up at most this often: what another node or the command line ends is out within that time. */
const AGE_MS = 1000;
const MOST = 10_000;

/** Who was found for a credential a moment ago, so that a page that sends ten requests at once asks the database once. */
export interface RecentCallers<Found> {
  /** The answer of the last second, or that of `look`; what nobody was found for is asked anew each time. */
  find(credential: string, look: () => Promise<Found | undefined>): Promise<Found | undefined>;
  /** An account, session or key of this node changed: nothing remembered counts, nor what is being looked up now. */
  forget(): void;
}

export function recentCallers<Found>(clock: () => number = () => performance.now()): RecentCallers<Found> {
  let known = new Map<string, { found: Found; at: number }>();
  return {
    async find(credential, look) {
      const recent = known.get(credential);
      if (recent && clock() - recent.at < AGE_MS) return recent.found;
      const into = known;
      const at = clock();
      const found = await look();
      if (found !== undefined) {
        if (into.size >= MOST) into.clear();
        into.set(credential, { found, at });
      } else into.delete(credential);
      return found;
    },
    forget() {
      known = new Map();
    },
  };
}
