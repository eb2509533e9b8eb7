-- Automatic rules (docs/decisions/0034): kept by version; every firing is a row, found once per cause, done once.

create table automation_rule_version (
  version int primary key generated always as identity,
  at timestamptz not null default now(),
  author text not null,
  reason text,
  -- Rule[] of src/domain/automation
  rules jsonb not null
);

-- A rule found to fire. The row comes with the place of the reader of the outbox in one transaction; it is done in one with what follows from it.
create table automation_firing (
  id uuid primary key,
  rule uuid not null,
  rules_version int not null,
  -- what it fires for, whatever version the rule has: `RECORD:VERSION`, `RECORD:date:2026-12-31` …
  cause text not null,
  object text not null,
  record uuid not null,
  at timestamptz not null,
  -- the change that woke it; null: the clock did
  change_set uuid,
  -- rules that led to that change, oldest first
  chain uuid[] not null default '{}',
  -- what was and what became, event, day
  facts jsonb not null default '{}',
  -- waiting: to be done. blocked: it would have followed from itself. skipped: rule, author or record were gone by then
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed', 'skipped', 'blocked')),
  tries int not null default 0,
  next_try_at timestamptz not null,
  done_at timestamptz,
  -- the change set with what it wrote, and the records in it
  wrote uuid,
  touched uuid[] not null default '{}',
  -- [{do, …}] by action
  results jsonb,
  error jsonb,
  unique (rule, cause)
);
create index automation_firing_waiting on automation_firing (next_try_at, id) where state = 'waiting';
create index automation_firing_rule on automation_firing (rule, id desc);
create index automation_firing_often on automation_firing (record, at);
create index automation_firing_wrote on automation_firing (wrote) where wrote is not null;

-- Rules that the guard stopped; a person lets them go on.
create table automation_stop (
  rule uuid primary key,
  at timestamptz not null,
  -- {code, record, object, count}
  reason jsonb not null
);

-- How far the clock was looked at for a rule that it wakes. `until`, `after`: a look under way goes on behind that record.
create table automation_clock (
  rule uuid primary key,
  at timestamptz not null,
  until timestamptz,
  after uuid
);

-- What was written before there were rules wakes none.
insert into outbox_cursor (consumer, txid) values ('automation', pg_snapshot_xmin(pg_current_snapshot())) on conflict do nothing;
