-- Whose customers are whose (docs/decisions/0027): handing over, claims and protection, assignment, asking without seeing.

-- Of an assignment to several people each portion goes to one of them.
alter table mass_portion add column value text;

-- Somebody left: what was ended, and to whom his records went.
create table handover (
  id uuid primary key,
  account text not null,
  at timestamptz not null,
  actor text not null,
  reason text,
  -- to whom, by which rule (src/contract/ownership.ts)
  wish jsonb not null,
  -- in this order; [{object, run}]: run is null until its turn comes
  runs jsonb not null,
  -- counts of what was ended: sessions, keys, …
  ended jsonb not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'undone')),
  undone_at timestamptz,
  undone_by text
);

create table ownership_setting (
  one boolean primary key default true check (one),
  settings jsonb not null
);

-- Somebody claimed a record: until then nobody else takes it from him without approval.
create table claim (
  id uuid primary key,
  object text not null,
  record uuid not null,
  account text not null,
  -- whose it was; null: nobody's
  before text,
  at timestamptz not null,
  until timestamptz not null,
  approval uuid references approval,
  ended_at timestamptz,
  -- lapsed with its time, given up, decided otherwise
  ended_by text
);
create unique index claim_standing on claim (record) where ended_at is null;
create index claim_record on claim (record, at);

-- “Do we have them?”: how often somebody asked, and what he may ask about.
create table private_check (
  id uuid primary key,
  account text not null,
  at timestamptz not null,
  object text not null,
  -- records found; none of them is named to who asked
  records uuid[] not null,
  -- whom he wrote to
  asked_at timestamptz
);
create index private_check_account on private_check (account, at);
