import type { Issue, Label, Lang } from '../issue.ts';
import type { FieldDef, FieldTypeName, FieldValue } from '../schema/types.ts';

/** What parsing may look at besides the raw value. Pure: everything outside is handed in. */
export interface ParseEnv {
  /** Now, for relative dates and two-digit years. */
  now: Date;
  /** IANA zone in which dates without a zone are meant. */
  timeZone: string;
  /** Reference trees by name (industry, division). */
  trees: Record<string, Tree>;
}

/** A reference tree such as GB/T 4754 industries or GB/T 2260 divisions. */
export interface Tree {
  /** Finds a node by code, full name, path (`制造业/汽车制造业`, `浙江省杭州市`) or short name; null when none or ambiguous. */
  find(text: string): TreeNode | null;
  node(code: string): TreeNode | null;
  /** Codes from the root to the node. */
  path(code: string): TreeNode[];
  children(code: string | null): TreeNode[];
}

export interface TreeNode {
  code: string;
  label: Label;
  parent: string | null;
}

export type Parsed = { ok: true; value: FieldValue; warnings?: Issue[] } | { ok: false; issue: Issue };

/** How values of a type can be compared; decides the filter operators and the SQL of sorting. */
export type Kind =
  | 'text'
  | 'number'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'choice'
  | 'set'
  | 'tree'
  | 'reference'
  | 'json';

/** One field type. Adding a type is adding one file that exports this and listing it in src/domain/fields/registry.ts. */
export interface FieldType {
  name: FieldTypeName;
  label: Label;
  kind: Kind;
  /** PostgreSQL column type. */
  column: string;
  /**
   * Parse, standardise (D2) and validate (D1) one raw value, the same at every door. `null`, `undefined`, '' and blanks give null.
   * Never guesses silently: what can't be read is an issue, what was repaired is a warning.
   */
  parse(raw: unknown, field: FieldDef, env: ParseEnv): Parsed;
  /** The value as a person reads it; used by grid, export and sentences. */
  format(value: FieldValue, field: FieldDef, lang: Lang, env: ParseEnv): string;
}
