-- Duplicates: merges and where merged records went, pairs that look alike, keys to find candidates by.

-- One row per merge; its id is that of its change set, whose deltas hold what was replaced.
create table record_merge (
  change_set uuid primary key,
  object text not null,
  winner uuid not null,
  -- version of the winner right after
  winner_version int not null,
  losers uuid[] not null,
  at timestamptz not null,
  actor text not null,
  undone_at timestamptz,
  undone_by text,
  undone_in uuid
);
create index record_merge_winner on record_merge (winner);
create index record_merge_losers on record_merge using gin (losers);

-- Where a merged record went. Merges of merges make chains: follow them.
create table record_redirect (
  record uuid primary key,
  object text not null,
  winner uuid not null,
  change_set uuid not null
);

-- Two records that look like one; a < b. Decided ones stay, so that no scan asks again.
create table duplicate_pair (
  a uuid not null,
  b uuid not null,
  object int not null,
  -- log2 odds that they are one, and the same as a share
  score real not null,
  probability real not null,
  -- [{column, level, total}]: what spoke for and against, in bits; no values
  reasons jsonb not null default '[]',
  state text not null default 'open' check (state in ('open', 'later', 'different', 'merged')),
  -- later: back in the queue from then on
  later_until timestamptz,
  found_at timestamptz not null,
  scored_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  primary key (a, b),
  check (a < b)
);
create index duplicate_pair_other on duplicate_pair (b);
create index duplicate_pair_queue on duplicate_pair (object, score desc, a desc, b desc) where state in ('open', 'later');

-- Keys under which likely duplicates of a record are found (hashed; src/domain/matching/keys.ts). Kept from the outbox.
create table match_entry (
  record uuid primary key,
  object int not null,
  keys int[] not null
);
create index match_entry_keys on match_entry using gin (keys) with (gin_pending_list_limit = 256);

-- What a scan learned of an object (src/domain/matching Weights), and when it last ran.
create table match_model (
  object int primary key,
  weights jsonb not null,
  scanned_at timestamptz not null,
  records int not null,
  pairs int not null
);
