-- The record engine of one workspace. Runs with search_path set to the workspace's schema.

-- ── Metadata ────────────────────────────────────────────────────────────────────────────────────────────────
create table catalog_version (version bigint not null);
insert into catalog_version values (1);

create table object_def (
  id int primary key generated always as identity,
  name text not null unique check (name ~ '^[a-z][a-z0-9_]{0,40}$'),
  -- everything of ObjectDef but id, name and fields
  definition jsonb not null,
  position int not null default 0,
  retired_at timestamptz
);

create table field_def (
  id int primary key generated always as identity,
  object_id int not null references object_def,
  name text not null check (name ~ '^[a-z][a-z0-9_]{0,50}$'),
  -- everything of FieldDef but id, object and name
  definition jsonb not null,
  position int not null default 0,
  retired_at timestamptz,
  unique (object_id, name)
);

create table view_def (
  id uuid primary key,
  object text not null,
  name text not null,
  owner text,
  shared boolean not null default false,
  definition jsonb not null,
  position int not null default 0,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on view_def (object);

-- ── Change sets: every write is one; also the outbox (a fact after commit) ──────────────────────────────────
create table change_set (
  id uuid primary key,
  -- position in commit order: readers of the outbox take only rows whose transaction is older than every running one
  txid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  actor text not null,
  source text not null,
  -- edit, import, bulk, merge, undo, restore, delete …
  kind text not null default 'edit',
  reason text,
  -- running: an import still writes into it
  status text not null default 'done' check (status in ('running', 'done', 'undone', 'cancelled')),
  undoes uuid,
  undone_by uuid,
  -- {object: {created, updated, deleted, restored, verified}} and, for small sets, the records and fields touched: {records:[[object,id,[fields],version]]}
  summary jsonb not null default '{}'
);
create index change_set_txid on change_set (txid);

-- Reverse deltas: what was replaced. Creates have none (the row's created_in says where it came from).
create table delta (
  record uuid not null,
  -- version of the record after the change
  version int not null,
  object int not null,
  change_set uuid not null,
  at timestamptz not null,
  actor text not null,
  source text not null,
  -- u update, d delete, r restore, v verification only
  kind "char" not null,
  -- {field: value before}; beside them `$v`: [field, …] verified at once, and `$c`: {fieldId: cell before or null} so that an undo
  -- gives the confidence back too (a name can't begin with $)
  before jsonb not null,
  primary key (record, version)
);
create index delta_change_set on delta (change_set);
create index delta_at on delta using brin (at) with (pages_per_range = 16);

-- ── Freshness: one row per record, sparse cells ─────────────────────────────────────────────────────────────
create table freshness (
  record uuid primary key,
  object int not null,
  -- account the check falls to; null = nobody
  owner text,
  -- customer whose contact verifies it too (itself for a customer)
  bundle uuid,
  -- segment of the policy that applies (small number from the compiled plan)
  segment int not null default 0,
  -- default of every non-empty tracked cell that `cells` does not name
  base_at timestamptz not null,
  base_confidence real not null,
  -- {fieldId: [confidence, epoch seconds it holds for, method, actor, changed epoch seconds]}
  cells jsonb,
  -- ids of tracked fields that are empty (their confidence is 0)
  missing int[],
  -- record freshness = sum of w*p / sum of w, at `scored_at`; lists show it decayed by the plan
  score real not null default 0,
  scored_at timestamptz not null default now(),
  -- earliest moment a tracked cell falls below its threshold; null = never
  due_at timestamptz,
  -- value per minute of contacting it at due_at: order of the daily list
  due_value real not null default 0,
  snoozed_until timestamptz,
  plan_version int not null default 0
) with (fillfactor = 85);
-- one person's list: best value per minute first; due_at rides along so that what is not due yet is passed over inside the index
create index freshness_list on freshness (owner, due_value desc, due_at) where due_at is not null;
create index freshness_due on freshness (object, due_at) where due_at is not null;
create index freshness_bundle on freshness (bundle);

-- ── Search: grams over titles, pinyin, initials, digits ─────────────────────────────────────────────────────
create table search_entry (
  record uuid primary key,
  object int not null,
  -- normalised text, segments parted by newline, for the exact recheck
  doc text not null,
  -- hashed 1-, 2- and 3-grams (src/domain/text/grams.ts)
  grams int[] not null
);
create index search_entry_grams on search_entry using gin (grams) with (gin_pending_list_limit = 16384);
create index search_entry_recent on search_entry (object, record desc);

-- How many entries hold a gram, for the commonest grams only (a sample; refreshed in the background).
create table search_common (gram int primary key, share real not null);

-- ── Numbering ───────────────────────────────────────────────────────────────────────────────────────────────
create table serial (
  field int not null,
  prefix text not null,
  last bigint not null,
  primary key (field, prefix)
);

-- Indexes made on demand for sorting and filtering; dropped when unused.
create table demand_index (
  index_name text primary key,
  object text not null,
  field text not null,
  state text not null,
  made_at timestamptz not null default now(),
  used_at timestamptz not null default now()
);
