import type { Label } from '../issue.ts';

/** One row as text, by column name. Missing and blank cells are the same thing: not known. */
export type Row = Readonly<Record<string, string | null | undefined>>;

/** What a column holds, which decides how it is standardised, compared and used for blocking. */
export type KindName =
  | 'company'
  | 'person'
  | 'given'
  | 'family'
  | 'phone'
  | 'email'
  | 'url'
  | 'uscc'
  | 'identifier'
  | 'date'
  | 'address'
  | 'number'
  | 'postcode'
  | 'place'
  | 'category'
  | 'text';

export interface MatchField {
  /** Column of the row. */
  column: string;
  kind: KindName;
  /** The column names the record itself (公司名称 in a list of companies), not something about it (employer of a person). */
  subject?: boolean;
  /** Heading in sentences; the column's name when absent. */
  label?: Label;
}

/** The columns that say something about who a record is. Everything else is left out of the comparison. */
export interface MatchSchema {
  fields: MatchField[];
  /** Column with the record's id, when the table has one. */
  id?: string;
}

/** One outcome of comparing two values of a kind, from full agreement (first) to plain difference (last). */
export interface Level {
  name: string;
  /** Sentence fragment shown in the explanation. */
  label: Label;
  /** Starting share of this outcome among true duplicates (of pairs where both values are known). */
  m: number;
  /** Starting share among pairs of different things. */
  u: number;
  /** The two values share their term, so the rarity of the term counts (term-frequency adjustment). */
  term?: boolean;
  /**
   * Weight in bits that is not learned when the field names the record itself (`subject`): outcomes that say by themselves that two things are related but different (sister companies).
   * Their shared web site, address or switchboard would otherwise be counted as evidence for one company, pair after pair.
   */
  fixed?: number;
  /** Agreement that outranks a name: a company that changed its name keeps its credit code, so `fixed` weights no longer count. */
  proof?: boolean;
  /** Certain to be different things: such a pair is never joined, whatever else agrees. */
  veto?: boolean;
}

/** Statistics of one column that a comparison may need. */
export interface ColumnStatistics {
  /** −log2 of the share of records that contain the token; high for rare tokens. */
  rarity(token: string): number;
}

/** How one kind of value is read, compared and looked up. `V` is its parsed form. */
export interface Kind<V> {
  name: KindName;
  levels: readonly Level[];
  /** Largest believable share of `other` among duplicates; 0.5 when absent. */
  disagree?: number;
  /** Standardises one raw value; null when there is nothing to compare. */
  parse(raw: string): V | null;
  /** Canonical text: equal texts are equal values. */
  text(value: V): string;
  /** Index into `levels`, −1 when the two can't be compared. Symmetric. */
  compare(a: V, b: V, statistics: ColumnStatistics): number;
  /** Keys that duplicates are likely to share and others not; each is enough to make a pair a candidate. */
  keys(value: V): string[];
  /** Coarse keys that only narrow down together with another column's (Soundex, year, city). */
  coarse(value: V): string[];
  /** Term whose frequency counts at levels with `term`. */
  term(value: V): string;
  /** Tokens that feed `rarity`; absent when the kind does not need it. */
  tokens?(value: V): readonly string[];
}

/**
 * Outcomes hang together among strangers: two tenants of a house share the switchboard *and* the address, a postcode brings its town.
 * Counting each as if alone would count one fact twice.
 */
export interface Conditional {
  column: string;
  shares: number[][];
}

/** Weights of one field: shares of each level among duplicates (m) and among different things (u). */
export interface FieldWeights {
  m: number[];
  u: number[];
  /** Shares among different things given the level of another column, `shares[level of that column][level]`. */
  uGiven?: Conditional;
  /** By level, the share of pairs with it that are duplicates: the nearer to 1, the less a frequent value tells against a pair. */
  matched: number[];
  /** How often each term occurs that is more frequent than usual; terms not listed are rare. */
  terms: Record<string, number>;
  /** How many records contain each frequent word. */
  tokens?: Record<string, number>;
  /** Bits per level that reviewers' decisions add (see decisions.ts). */
  adjust?: number[];
}

/** A scorer's knowledge; plain JSON, kept by the caller. */
export interface Weights {
  version: 1;
  /** Number of records that the frequencies were counted on. */
  records: number;
  /** Share of all pairs that are duplicates. */
  prior: number;
  /** By column. */
  fields: Record<string, FieldWeights>;
  /** Pairs at or above this score (log2 odds) are joined. */
  threshold: number;
}

/** One bar of the waterfall: what one field adds to or takes from the log2 odds. */
export interface Contribution {
  column: string;
  level: string;
  /** log2 of m ÷ u of the level. */
  weight: number;
  /** Correction for how rare the shared term is (part of `total`). */
  rarity: number;
  total: number;
  a: string;
  b: string;
  sentence: Label;
}

export interface Explanation {
  /** log2 odds before looking at the values. */
  prior: number;
  contributions: Contribution[];
  /** log2 odds that the two are the same: prior plus all totals. */
  score: number;
  /** The same as a probability. */
  probability: number;
  /** Set when the pair can't be one thing, with the reason. */
  veto?: Label;
  verdict: Label;
}
