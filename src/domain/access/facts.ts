import type { Action, FieldMode } from './types.ts';

/** What composing needs to know of a person besides his roles; all as it is now. */
export interface PersonFacts {
  account: string;
  /** Accounts of his teams, himself included. */
  team: string[];
  /** Accounts of his departments and all below, himself included. */
  department: string[];
  territories: { object: string; field: string; values: string[] }[];
  shares: Share[];
  /** What he asked to see and was granted: clear text of one field of one record. */
  asked: { object: string; record: string; field: string }[];
}

/** A record somebody shared: at most what he who shared it had himself. */
export interface Share {
  object: string;
  record: string;
  actions: Action[];
  fields: Record<string, FieldMode>;
}

export const nobody = (account: string): PersonFacts => ({
  account,
  team: [account],
  department: [account],
  territories: [],
  shares: [],
  asked: [],
});
