-- Approvals (docs/decisions/0027): acts that a second person must agree to before they happen, once, as they were asked for.

-- Rules, every version of them: which acts, from which size on, who decides.
create table approval_rule_version (
  version int generated always as identity primary key,
  at timestamptz not null default now(),
  author text not null,
  rules jsonb not null
);

create table approval (
  id uuid primary key,
  kind text not null,
  object text,
  -- records, or rows
  size int not null,
  asker text not null,
  role text not null,
  source text not null,
  lang text not null,
  reason text,
  -- what runs, and nothing else: SHA-256 over its canonical form is what was agreed to
  content jsonb not null,
  hash text not null,
  -- the rule as it was when it was asked
  rule jsonb not null,
  -- who decides where the rule says “his manager”
  manager text,
  at timestamptz not null,
  -- until then those named; from then on the deputy too
  due timestamptz not null,
  lapses timestamptz not null,
  state text not null default 'open'
    check (state in ('open', 'approved', 'refused', 'withdrawn', 'lapsed', 'done', 'failed')),
  escalated boolean not null default false,
  decided_at timestamptz,
  decided_by text,
  word text,
  ended_at timestamptz,
  -- what came of it: ids
  result jsonb,
  error jsonb
);
create index approval_waiting on approval (due) where state = 'open';
create index approval_unfinished on approval (id) where state = 'approved';
create index approval_asker on approval (asker, id);
-- The same thing is asked for once.
create unique index approval_once on approval (asker, hash) where state = 'open';

-- The trail: only ever added to.
create table approval_step (
  approval uuid not null references approval,
  n int not null,
  at timestamptz not null,
  actor text not null,
  what text not null,
  word text,
  primary key (approval, n)
);

-- A mass operation that runs because somebody agreed to it, or waits for that.
alter table mass_run add column approval uuid;
