-- What signals teach, how fast single records change, and how far a person's word goes.

-- A signal moves belief in a value; so far as it does, it is an observation of it: a share of a find (src/domain/freshness/soft.ts). Append-only.
create table soft_observation (
  seq bigint primary key generated always as identity,
  record uuid not null,
  field int not null,
  at timestamptz not null,
  -- years since the last evidence about the value, of whatever kind
  age real not null,
  -- r spoke for the value, c against it
  outcome "char" not null,
  -- 0..1: how much of a find it is
  share real not null,
  -- kind of evidence
  kind text not null,
  -- the evidence it came with
  change_set uuid not null,
  -- 1, or -1 for the opposite of a line that was undone or that a find made needless
  weight smallint not null default 1
);
create index soft_observation_record on soft_observation (record, field);
create index soft_observation_set on soft_observation (change_set);

-- Below 1: found by somebody whose finds do not always hold.
alter table observation add share real not null default 1;
create index observation_record on observation (record);

-- Shares add up to parts of an observation.
alter table rate_sum alter observations type double precision;

alter table rate_state
  -- how far soft observations are in the sums
  add soft_seq bigint not null default 0,
  -- how far both are in the records' own factors
  add frailty_seq bigint not null default 0,
  add frailty_soft_seq bigint not null default 0,
  -- when people's reliability was last looked at
  add reliability_at timestamptz;

-- How much faster this record changes than its segment; 1 = as fast. Due dates are computed with it.
alter table freshness add frailty real not null default 1;

-- How often what a person found right was right, from blind re-checks and from how few changes he finds; absent = 1.
create table verifier_reliability (
  actor text primary key,
  -- 0..1
  reliability real not null,
  -- re-checks by others, and how many of them held
  rechecked int not null,
  held int not null,
  at timestamptz not null
);
