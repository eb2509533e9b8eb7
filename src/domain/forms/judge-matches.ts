/** A record that a submission may be about, as the matching sees it. */
export interface FoundMatch {
  object: string;
  id: string;
  /** 0..1 */
  probability: number;
  /** A rule joins them, whatever the probability. */
  byRule: boolean;
}

export type Verdict =
  /** Nobody that is on record. */
  | { is: 'new' }
  /** This one. `also`: the second record that came along, null: one that is not there yet, absent: none came. */
  | { is: 'known'; main: FoundMatch; also?: FoundMatch | null }
  /** A person decides. `new-person`: the customer is known, the contact is not. */
  | { is: 'unsure'; why: 'maybe' | 'new-person'; among: { object: string; id: string }[] };

/** From here on it is the same one, below somebody looks. Sooner asked once too often than a second record or a stranger's data in a customer's. */
const SURE = 0.9;

const isSure = ({ byRule, probability }: FoundMatch): boolean => byRule || probability >= SURE;

/**
 * Whom a submission is about. Several who are sure, somebody who is only likely, and a known contact at an unknown customer (he may have changed jobs) are
 * for a person to decide.
 * @param also matches of the second record, with the record each belongs to; null: the form asks for none
 */
export function judgeMatches(
  main: readonly FoundMatch[],
  also: readonly (FoundMatch & { parent: { object: string; id: string } | null })[] | null,
): Verdict {
  const sure = main.filter(isSure);
  const [only] = sure;
  const named = [...main, ...(also ?? []).flatMap(({ parent }) => parent ?? [])].map(({ object, id }) => ({
    object,
    id,
  }));
  const among = named.filter((one, n) => named.findIndex(({ id }) => id === one.id) === n);
  if (among.length === 0) return { is: 'new' };
  if (!only || sure.length > 1) return { is: 'unsure', why: 'maybe', among };
  if (also === null) return { is: 'known', main: only };
  const his = also.filter((one) => isSure(one) && one.parent?.id === only.id);
  const [person] = his;
  if (person && his.length === 1) return { is: 'known', main: only, also: person };
  if (his.length > 1) return { is: 'unsure', why: 'maybe', among };
  return { is: 'unsure', why: 'new-person', among: [{ object: only.object, id: only.id }] };
}
