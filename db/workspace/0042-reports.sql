-- Saved reports: figures over the records in their reader's sight, so a shared one shows each what he may see.
create table report (
  id uuid primary key,
  name text not null,
  owner text not null,
  shared boolean not null default false,
  definition jsonb not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index report_owner on report (owner);
