-- Mass operations: one thing done to all records that match, in portions, each with its place in one transaction.
create table mass_run (
  id uuid primary key,
  -- at most one worker at a time goes on with it; the row is locked while a portion is written
  state text not null check (state in ('looking', 'ready', 'running', 'done', 'cancelled', 'failed')),
  object text not null,
  -- MassAction of src/contract/mass.ts, or {kind: undo, changeSet}
  action jsonb not null,
  target jsonb not null,
  -- acts as the person who asked
  actor text not null,
  role text not null,
  source text not null,
  lang text not null,
  reason text,
  at timestamptz not null,
  -- records found, and those gone through
  found int not null default 0,
  total int not null default 0,
  done int not null default 0,
  preview jsonb,
  counts jsonb not null default '{}',
  change_set uuid,
  -- begins by itself once it was looked at
  starts boolean not null default false,
  cancel boolean not null default false,
  error jsonb,
  started_at timestamptz,
  finished_at timestamptz
);
create index mass_run_working on mass_run (id) where state in ('looking', 'running');

-- The records, as they were found: a change that takes a record out of the query changes nothing here.
create table mass_portion (
  run uuid not null references mass_run on delete cascade,
  n int not null,
  records uuid[] not null,
  -- versions that were seen: what others changed since is theirs
  versions int[] not null,
  -- what looking at it found, where each record must be read
  found jsonb,
  done boolean not null default false,
  primary key (run, n)
);
alter table mass_portion alter column records set storage external, alter column versions set storage external;
