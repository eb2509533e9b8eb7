-- What left the house as a file (docs/decisions/0027): who, when, what, and the mark that stands in it.

create table export_setting (
  one boolean primary key default true check (one),
  settings jsonb not null
);

create table export_file (
  id uuid primary key,
  -- the mark in the cells says this number
  serial int generated always as identity unique,
  at timestamptz not null,
  actor text not null,
  source text not null,
  object text not null,
  format text not null,
  for_editing boolean not null default false,
  -- filter, search, fields as they were asked for
  query jsonb not null,
  reason text,
  approval uuid references approval,
  -- writing: under way or cut off
  state text not null default 'writing' check (state in ('writing', 'done', 'cut', 'ended')),
  rows int,
  -- four bytes of the hash of each record's id, in order: which export held a record is told without keeping its values
  records bytea,
  -- of one that was made to be fetched
  file uuid,
  name text,
  expires_at timestamptz
);
create index export_file_actor on export_file (actor, id);
create index export_file_kept on export_file (expires_at) where file is not null;

-- Fetched once per person.
create table export_taken (
  export uuid not null references export_file,
  account text not null,
  at timestamptz not null,
  primary key (export, account)
);

-- Whom else the link is for.
create table export_guest (
  export uuid not null references export_file,
  account text not null,
  at timestamptz not null,
  primary key (export, account)
);
