-- Policies: every version stays, with author and reason (B2).
create table policy_version (
  version int primary key generated always as identity,
  at timestamptz not null default now(),
  author text not null,
  reason text,
  scenario text,
  policies jsonb not null
);

-- How far the newest policy has reached the records.
create table replan_state (
  one boolean primary key default true check (one),
  version int not null,
  done bigint not null default 0,
  total bigint not null default 0,
  finished_at timestamptz
);

-- Tries to reach a customer: what the success rate is learned from.
create table contact_attempt (
  id uuid primary key,
  bundle uuid not null,
  at timestamptz not null,
  actor text not null,
  outcome text not null,
  note text
);
create index contact_attempt_bundle on contact_attempt (bundle, at desc);

-- Entries of the daily list put off, with the reason.
create table snooze (
  bundle uuid not null,
  at timestamptz not null,
  actor text not null,
  until timestamptz not null,
  reason text not null,
  primary key (bundle, at)
);

-- Figures of the health report, one row per object and day.
create table health_day (
  object text not null,
  day date not null,
  at timestamptz not null,
  report jsonb not null,
  primary key (object, day)
);
