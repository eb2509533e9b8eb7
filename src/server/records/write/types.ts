import type { Sql } from 'sql-template-tag';
import type { Reach } from '../../../domain/access/reach.ts';
import type { Change, Outcome, VerifyMethod } from '../../../domain/change/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { EvidenceKind } from '../../../domain/freshness/cell.ts';
import type { CellTuple, FreshnessPlan } from '../../../domain/freshness/plan.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { TableRow } from '../catalog/columns.ts';
import type { CatalogStore } from '../catalog/store.ts';
import type { ErasedMarks } from '../erase/erased-marks.ts';
import type { Sealing } from '../sealed/sealing.ts';
import type { Ctx } from '../types.ts';
import type { Holders } from './distinct.ts';
import type { Guard, Hold } from './guard.ts';

/** A change after parsing: what the author wants, in canonical values. */
export interface Draft {
  /** Place in the batch. */
  index: number;
  change: Change;
  object: ObjectDef;
  id: string;
  set: Record<string, FieldValue>;
  verify?: { fields: FieldDef[]; method: VerifyMethod; at: Date };
  evidence?: { kind: EvidenceKind; fields: FieldDef[]; at: Date };
  /** In a merge: one of the records that are merged, or one that points to them. */
  part?: 'member' | 'reference';
  /** The same values in another spelling: their cells stay. */
  respelled?: boolean;
  /** Cells that come with values from another record, by field name; null: the record's default. */
  cells?: Readonly<Record<string, CellTuple | null>>;
  /** Some of `set` was kept sealed (a proposal) and is opened before anything is decided. */
  sealed?: boolean;
  /** Errors stop it, warnings travel along. */
  issues: Issue[];
}

/** A record as it is, with its freshness row. */
export interface Stored {
  row: TableRow;
  values: Record<string, FieldValue>;
  deleted: boolean;
  /** Which of the actor's grants reach it, where rows differ. */
  reach?: Reach;
  freshness: FreshnessRow | null;
}

/** Row of table `freshness`. */
export interface FreshnessRow {
  record: string;
  object: number;
  owner: string | null;
  bundle: string | null;
  segment: number;
  baseAt: Date;
  baseConfidence: number;
  cells: Record<string, CellTuple> | null;
  missing: number[] | null;
  /** How much faster it changes than its segment; learned after the fact and never written here. Absent: 1. */
  frailty?: number;
  score: number;
  scoredAt: Date;
  dueAt: Date | null;
  dueValue: number;
  planVersion: number;
}

/** What will be written for one draft. */
export type Effect =
  | { kind: 'create'; draft: Draft; values: Record<string, FieldValue>; freshness: FreshnessRow | null; version: 1 }
  | {
      kind: 'update';
      draft: Draft;
      stored: Stored;
      /** Only what differs; empty for a pure verification or evidence. */
      set: Record<string, FieldValue>;
      /** For the delta: old values, `$v`, `$e`, `$c`. */
      before: Record<string, unknown>;
      after: Record<string, FieldValue>;
      freshness: FreshnessRow | null;
      version: number;
    }
  | { kind: 'delete' | 'restore'; draft: Draft; stored: Stored; freshness: FreshnessRow | null; version: number };

export interface Decision {
  outcome: Outcome;
  effect: Effect | null;
  /** Values that wait for a person. */
  hold?: Hold;
}

/** Plans of freshness as the write door needs them; the freshness module provides them, a default one stands in before. */
export interface PlanSource {
  of(
    workspace: string,
    object: ObjectDef,
  ): { plan: FreshnessPlan; segment: (values: Record<string, FieldValue>) => number };
  /** Row of the workspace's table of evidence kinds. */
  evidenceKind(workspace: string, kind: string): EvidenceKind | undefined;
  /** Fields that segments of the object look at: a change of any other leaves the segment. Absent: any may be. */
  fieldsAsked?(workspace: string, object: ObjectDef): ReadonlySet<string>;
  /** How far this person's confirmations count, 0..1; absent: fully. */
  reliability?(workspace: string, actor: string): number;
}

/** Facts about other records that a batch refers to. */
export interface Surroundings {
  /** Records claimed by somebody else, whose owner stays for now: nobody changes it but by approval. */
  claimed?: ReadonlySet<string>;
  /** Existing related records: id → owner of the bundle it belongs to. */
  related: Map<string, { owner: string | null }>;
  /** `object.field` → values already taken by another living record → its id. */
  taken: Map<string, Map<string, string>>;
  /** Who holds values that rules let nobody else hold. */
  holders?: Holders;
}

/** Row of table `search_entry`. */
export interface SearchEntry {
  record: string;
  object: number;
  doc: string;
  grams: number[];
}

/** How records get into the search index; implemented beside the search itself. */
export interface SearchIndexer {
  /** Names of the fields that the entry is made of. */
  fields(object: ObjectDef): ReadonlySet<string>;
  /** null: nothing of this record is searched. */
  entry(object: ObjectDef, values: Record<string, FieldValue>, id: string): SearchEntry | null;
}

/** Row scope as a boolean SQL expression over alias `t`; null when every row is in scope. */
export type ScopeSql = (ctx: Ctx, object: ObjectDef) => Sql | null;

export interface WriteDeps {
  db: Db;
  catalog: CatalogStore;
  plans: PlanSource;
  indexer: SearchIndexer;
  scope: ScopeSql;
  /** Which grants reach a row, one bit each, over alias `t`; null where all rows are alike. */
  reach: ScopeSql;
  /** Time zone of the workspace and reference trees. */
  env: (ctx: Ctx) => ParseEnv;
  guard: Guard;
  /** Notices people who were erased and are entered again. */
  erased?: Pick<ErasedMarks, 'any' | 'notice'>;
  /** Closes values of encrypted fields. Absent: they can't be written. */
  sealing?: Sealing;
  /** After commit, in this process: live pages, reactions. Must not throw. */
  committed: (fact: Committed) => void;
}

/** A fact after commit. */
export interface Committed {
  workspace: string;
  changeSet: string;
  actor: string;
  kind: string;
  summary: Summary;
}

/** Counts per object; for small sets also each record with the fields touched, so that open pages know what to refresh. */
export interface Summary {
  counts: Record<
    string,
    Partial<
      Record<
        'created' | 'updated' | 'verified' | 'signalled' | 'deleted' | 'restored' | 'erased' | 'anonymised',
        number
      >
    >
  >;
  records?: [object: string, id: string, fields: string[], version: number][];
}
