import type { Sql } from 'sql-template-tag';
import type { Access, Action, FieldMode } from '../../domain/access/types.ts';
import type { Change, Outcome, Source } from '../../domain/change/types.ts';
import type { Filter, Sort } from '../../domain/filter/types.ts';
import type { CellTuple } from '../../domain/freshness/tuple.ts';
import type { Label } from '../../domain/issue.ts';
import type { FieldValue } from '../../domain/schema/types.ts';
import type { Tx } from '../platform/postgres/db.ts';

/** Who acts, through what, when, and what he may. Both doors take one. */
export interface Ctx {
  workspace: string;
  /** `user:ID`, `system`, `key:ID`. */
  actor: string;
  source: Source;
  access: Access;
  at: Date;
  /** Sentences are made in this language where a text leaves the server. */
  lang: 'zh' | 'en';
  reason?: string;
  /** The administrator who looks as this actor. */
  viewer?: string;
  /** Id of the approval under which this is done: what needs one has it. Set by the server alone. */
  approved?: string;
  /** Id of the larger act that this is part of (an export): stands in the audit log beside what is read. */
  act?: string;
}

export interface WriteOptions {
  /** true (default): any rejected or conflicting change and nothing is written. false: good ones are written, the rest reported (imports). */
  atomic?: boolean;
  /** Kind of the change set; `edit` by default. */
  kind?: string;
  /** Goes on writing into a set that openChangeSet made (imports, mass operations). */
  changeSet?: string;
  /** Parse, validate, diff, but write nothing. */
  dryRun?: boolean;
  /** Runs in the transaction of the write, before it commits: checkpoints, idempotency rows. Not called when nothing is written. */
  alongside?: (tx: Tx, result: WriteResult) => Promise<void>;
  /** The values went through parseField with this catalog already (an import parses to find matches): don't do it twice. */
  canonical?: boolean;
  /** When the values were last known right, if not now: an imported file of a given day. */
  confirmedAt?: Date;
  /** A person has looked at these values: none is held for being out of pattern. */
  reviewed?: boolean;
  /** The same values in another spelling (standardising): belief in them and the clock of their changes stay. */
  respelled?: boolean;
  /** Records become one, or part again. Set by the duplicates module only; see records/write/joining.ts for what it allows. */
  joining?: Joining;
}

/** A merge or its taking back, as the write door sees it. */
export interface Joining {
  object: string;
  /** All records that become one: changes of these need the right to merge. Other changes may only make relations point to one of these. */
  records: readonly string[];
  /** Freshness cells that come with values: record → field name → cell, null = the record's default. */
  cells?: Readonly<Record<string, Readonly<Record<string, CellTuple | null>>>>;
}

export interface WriteResult {
  changeSet: string | null;
  outcomes: Outcome[];
}

export interface Query {
  object: string;
  /** Field names to return; default all that may be read. */
  fields?: string[];
  filter?: Filter;
  /** Text as typed into the search box, combined with `filter`. */
  search?: string;
  sort?: Sort[];
  page?: { limit?: number; after?: string; offset?: number };
  count?: 'none' | 'estimated' | 'exact' | 'capped';
  /** Moment of the past (E2), ISO 8601. */
  asOf?: string;
  /** Recycle bin instead of the living. */
  deleted?: boolean;
  /** Only rows that this may be done with; `read` by default. */
  purpose?: Action;
  /** Bring confidence per cell and record score. */
  freshness?: boolean;
}

export interface Row {
  id: string;
  version: number;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
  deletedAt?: string;
  /** By field name; masked and ranged values are already so, hidden ones absent. */
  values: Record<string, FieldValue>;
  /** Fields that the actor may not change in this row, with how he sees them. */
  modes?: Record<string, FieldMode>;
  /** Encrypted fields whose key is not at hand: a word stands in the place of their values. */
  locked?: string[];
  freshness?: RowFreshness;
}

export interface RowFreshness {
  /** 0..1 now. */
  score: number;
  dueAt: string | null;
  cells: Record<string, CellFreshness>;
}

/** The truth record of one value: three clocks never mixed. */
export interface CellFreshness {
  /** 0..1 now. */
  confidence: number;
  state: 'fresh' | 'aging' | 'stale' | 'missing';
  verifiedAt: string | null;
  changedAt: string | null;
  method: string | null;
  by: string | null;
  dueAt: string | null;
  /** Kind and moment of the last signal since then (call connected, mail bounced), when there is one. */
  signal?: { kind: string; at: string; label: Label };
}

export interface Page {
  rows: Row[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
  count?: { value: number; exact: boolean };
  /** Titles of related records named in values, by id. */
  titles?: Record<string, string>;
}

/** THE WRITE DOOR. */
export interface WriteDoor {
  write(ctx: Ctx, changes: Change[], options?: WriteOptions): Promise<WriteResult>;
  /** Starts a set that many batches write into (import, mass edit); finish with closeChangeSet. */
  openChangeSet(ctx: Ctx, kind: string, reason?: string): Promise<string>;
  closeChangeSet(ctx: Ctx, id: string, status: 'done' | 'cancelled'): Promise<void>;
  /** Applies the inverse to the fields nobody touched since; says what was skipped. The undo is itself a change set. */
  undo(ctx: Ctx, changeSet: string): Promise<UndoResult>;
}

export interface UndoResult {
  changeSet: string;
  undone: number;
  /** Records (first 1,000) with fields left as they are because someone changed them since. */
  skipped: { object: string; id: string; fields: string[] }[];
  skippedCount: number;
  /** Request for approval of protected values: they stay until it is given. */
  approval?: string;
}

/** THE READ DOOR. */
export interface ReadDoor {
  list(ctx: Ctx, query: Query): Promise<Page>;
  get(
    ctx: Ctx,
    object: string,
    id: string,
    options?: { asOf?: string; freshness?: boolean; deleted?: boolean },
  ): Promise<Row>;
  /** Streams all matching rows for exports, in keyset pages. */
  stream(ctx: Ctx, query: Query): AsyncGenerator<Row[]>;
  /** What the query finds, in SQL over alias `t`, for set-based work: `table` and the conditions `where`. Validated and scoped like a list. */
  select(ctx: Ctx, query: Query): Promise<{ table: Sql; where: Sql }>;
  /** Count per value of one field (grouping, facets); `sum` names a number field that is added up beside it. */
  group(ctx: Ctx, query: Query, field: string, limit?: number, sum?: string): Promise<Group[]>;
  /** Figures over all rows in sight that match: grouped, with totals (reports, boards, forecasts). */
  aggregate(ctx: Ctx, query: Query, wish: AggregateWish): Promise<Aggregate>;
  /** Search over all objects (⌘K). */
  search(ctx: Ctx, text: string, options?: { objects?: string[]; limit?: number }): Promise<SearchHit[]>;
  /** Changes of one record, newest first: what was, what became, who, when, how. */
  history(
    ctx: Ctx,
    object: string,
    id: string,
    options?: {
      field?: string;
      limit?: number;
      before?: string;
      kinds?: readonly HistoryEntry['kind'][];
      actor?: string;
    },
  ): Promise<HistoryEntry[]>;
  /** Opens values of encrypted fields that are kept beside records (proposals, requests), in place. Whoever asks has looked at the field modes. */
  unseal(ctx: Ctx, object: string, kept: readonly { record: string; values: Record<string, unknown> }[]): Promise<void>;
  /** Records as they were at versions somebody saw, and as they are now; deleted ones too, those out of scope not. */
  since(ctx: Ctx, object: string, seen: readonly { id: string; version: number }[]): Promise<Map<string, Since>>;
}

/** Records that have one value of a field. */
export interface Group {
  value: FieldValue;
  count: number;
  /** Decimal string, where a sum was asked for. */
  sum?: string;
}

/** Time as it is grouped: the day on which a period begins stands for it; weeks begin on Monday. */
export type Bucket = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Dimension {
  /** A field, `relation.field`, or `$created_at` and the like. */
  field: string;
  /** Dates and moments only, which need one. */
  bucket?: Bucket;
  /** Trees only: 1 is the top; the value's own node when absent. */
  level?: number;
}

export interface Measure {
  fn: 'count' | 'sum' | 'average' | 'least' | 'most';
  /** Numbers (and dates, for least and most); none for count. */
  field?: string;
}

export interface AggregateWish {
  /** None: one row over everything. Two at most. */
  by: Dimension[];
  measures: Measure[];
  /** Rows at most, 1,000 by default: of one dimension the largest by the first measure, in the order of time where it is time. */
  limit?: number;
}

export interface Aggregate {
  /** `keys` in the order of the dimensions; numbers as numbers, money as decimal strings. */
  rows: { keys: FieldValue[]; values: (number | string | null)[] }[];
  /** Sums over a dimension: `over` is its place; both places: over everything. */
  totals: { over: number[]; keys: FieldValue[]; values: (number | string | null)[] }[];
  /** There are more rows than were asked for. */
  more: boolean;
  /** Titles of records and people named in keys, by id. */
  titles: Record<string, string>;
}

/** A record at a version somebody saw, beside what it is now. Values are as the actor may see them. */
export interface Since {
  /** Now. */
  version: number;
  deleted: boolean;
  base: Record<string, FieldValue>;
  now: Record<string, FieldValue>;
  /** Fields that the actor may not change in this row, with how he sees them. */
  modes: Record<string, FieldMode>;
  /** Fields written after the version: by whom and when last. `$deleted` stands for the record. */
  changed: Record<string, { by: string; at: string }>;
}

export interface SearchHit {
  object: string;
  id: string;
  title: string;
  /** Second line: parent's title, phone … as far as readable. */
  detail?: string;
}

export interface HistoryEntry {
  changeSet: string;
  version: number;
  at: string;
  actor: string;
  source: string;
  kind: 'create' | 'update' | 'delete' | 'restore' | 'verify' | 'evidence';
  reason?: string;
  /** Kind of the evidence. */
  evidence?: { kind: string; label: Label };
  fields: { field: string; before: FieldValue; after: FieldValue }[];
}
