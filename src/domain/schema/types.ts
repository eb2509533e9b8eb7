import type { Filter } from '../filter/types.ts';
import type { Label } from '../issue.ts';

/** Every field type of features.md A3 that the engine stores. One file per type in src/domain/fields. */
export type FieldTypeName =
  | 'text'
  | 'longtext'
  | 'number'
  | 'money'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'select'
  | 'multiselect'
  | 'tags'
  | 'tree'
  | 'phone'
  | 'email'
  | 'url'
  | 'address'
  | 'geo'
  | 'user'
  | 'department'
  | 'relation'
  | 'autonumber'
  | 'idcard'
  | 'uscc'
  | 'bankaccount'
  | 'rating'
  | 'file';

/** A stored value in its canonical (standardised) form. Dates are `YYYY-MM-DD`, datetimes ISO 8601 UTC, money a decimal string. */
export type FieldValue = string | number | boolean | string[] | { [key: string]: unknown } | null;

export interface SelectOption {
  /** Stable key that is stored; never changes when the label does. */
  value: string;
  label: Label;
  color?: string;
  /** Other spellings that an import may contain. */
  aliases?: string[];
  retired?: boolean;
  /** What being here means, where the field is a stage. */
  stage?: StageSetting;
}

export const STAGE_KINDS = ['open', 'won', 'lost'] as const;

export interface StageSetting {
  kind: (typeof STAGE_KINDS)[number];
  /** Chance that it ends well from here, 0..1, as the firm sets it. */
  probability: number;
}

export const ROLLUP_FNS = ['count', 'sum', 'min', 'max', 'last'] as const;

/** A figure over the records that point here, kept by the engine (docs/decisions/0042). */
export interface Rollup {
  /** Object whose records are looked at. */
  of: string;
  /** Its relation that points to this object. */
  via: string;
  fn: (typeof ROLLUP_FNS)[number];
  /** What is added up or compared; none for count. */
  field?: string;
  /** last: date or moment that tells which record is the latest. */
  by?: string;
  /** Which records count. Own fields and fixed values only. */
  filter?: Filter;
}

export type Priority = 'high' | 'middle' | 'low';
export type Sensitivity = 'public' | 'internal' | 'personal' | 'sensitive';

/** One field as declared. Everything (form, grid, import, search, history, freshness, API schema) reads this. */
export interface FieldDef {
  /** Small number, unique in the workspace, never reused: key of sparse cell states. */
  id: number;
  object: string;
  /** snake_case, unique in the object, also the column name; never changes. */
  name: string;
  label: Label;
  type: FieldTypeName;
  required?: boolean;
  unique?: boolean;
  /** Raw default, parsed like any input at create. */
  default?: unknown;
  help?: Label;
  options?: SelectOption[];
  /** select: the options are steps of a process in their order (see stages.ts). */
  stage?: boolean;
  /** Accept values outside `options` by adding them (tags). */
  open?: boolean;
  /** relation: object pointed at. */
  target?: string;
  /** tree: name of a reference tree (`industry`, `division`). */
  tree?: string;
  min?: number | string;
  max?: number | string;
  /** text: longest allowed length in characters. */
  maxLength?: number;
  /** number, money, percent: decimals kept. */
  scale?: number;
  currency?: string;
  pattern?: { regex: string; message: Label };
  /** autonumber: `CUST{yyyymmdd}-{serial:4}`; serial restarts per rendered prefix. */
  numbering?: string;
  /** multiselect: the options are parts that people have in a decision, in the order in which it goes. */
  chain?: boolean;
  /** date: a day worth remembering, once or every year. */
  occasion?: 'once' | 'yearly';
  /** Import header synonyms, zh and en, lower case. */
  aliases?: string[];
  sensitivity?: Sensitivity;
  /** How the search index treats it. */
  search?: 'none' | 'name' | 'text' | 'phone';
  /** Cells of this field have confidence and a due time. */
  tracked?: boolean;
  priority?: Priority;
  /** Prior change rate, per year, with where the figure comes from. */
  decay?: { rate: number; source: string };
  /** Minutes one verification of this field takes once in contact. */
  minutes?: number;
  /** How duplicates compare it and which value survives a merge. */
  match?: 'none' | 'exact' | 'company' | 'person' | 'phone' | 'email' | 'address' | 'text';
  survive?: 'newest' | 'trusted' | 'complete' | 'verified';
  /** Overwriting a non-empty value needs a reason (E3). */
  protected?: boolean;
  /** Stored encrypted (docs/decisions/0032): can be asked for by the whole value only, never sorted, searched or grouped by. */
  encrypted?: boolean;
  /** Values are on their way into encryption or out of it: both forms stand in the base. Set by the engine. */
  moving?: 'in' | 'out';
  /** Filled by the engine only (autonumber, counters). */
  readonly?: boolean;
  /** Kept by the engine from the records that point here; type, decimals and options follow from what is looked at. */
  rollup?: Rollup;
  /** `contact.mobile`: a record that an import makes together with a related one takes this value from it where it has none of its own. */
  from?: string;
  /** Shown on the record page under this heading. */
  group?: string;
  position: number;
  /** Made by the template: can be retired but not deleted. */
  builtin?: boolean;
  retired?: boolean;
}

/** Two values that a rule for duplicates looks at. */
export interface MatchTest {
  field: string;
  /** Field on the other side; the same one when absent. */
  with?: string;
  /** same: equal once both are standardised; like: spelled, heard or shortened otherwise, a typing error apart. */
  how: 'same' | 'like';
}

/** What makes two records one, by decree: every test of any of the groups. An empty value passes none. */
export interface MatchRule {
  id: string;
  name: string;
  /** Object on the other side; its own when absent. */
  other?: string;
  any: MatchTest[][];
  /** show: said while typing and put into the queue; never: not brought up again; refuse: what would make such a pair is not written. */
  effect: 'show' | 'never' | 'refuse';
  off?: boolean;
}

export interface ObjectDef {
  id: number;
  name: string;
  label: Label;
  plural: Label;
  /** Field whose value names a record in lists and search. */
  title: string;
  icon?: string;
  /** Records can be added and undone, never edited (E3). */
  appendOnly?: boolean;
  /** Relation field through which records of this object belong to a customer (timeline, bundling). */
  parent?: string;
  /** Field that holds the owner (type user); row scope `own` uses it. */
  owner?: string;
  /** Rules for duplicates, beside what is learned from the data (src/domain/matching/rules.ts). */
  matchRules?: MatchRule[];
  fields: FieldDef[];
  position: number;
  builtin?: boolean;
  retired?: boolean;
}

/** All live metadata of a workspace. `version` rises with every change of metadata. */
export interface Catalog {
  version: number;
  objects: ObjectDef[];
}

/** Columns that every object table has; field names may not collide with them. */
export const SYSTEM_COLUMNS = [
  'id',
  'version',
  'created_at',
  'created_by',
  'created_in',
  'updated_at',
  'updated_by',
  'deleted_at',
  'deleted_in',
] as const;
