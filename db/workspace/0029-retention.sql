-- How long data is kept: rules per class, and the records that a rule has named. Warned first, anonymised when the grace is over.
create table retention_rule (
  id uuid primary key,
  name text not null,
  object text not null,
  -- Filter of src/domain/filter; null: all of the object
  filter jsonb,
  -- what the age is counted from
  clock text not null check (clock in ('contact', 'confirmed', 'changed', 'created')),
  days int not null check (days between 1 and 36500),
  -- days between the warning and the deed
  grace int not null check (grace between 0 and 3650),
  -- ask the person to confirm his data when he is warned about
  invite boolean not null default false,
  mode text not null default 'anonymise' check (mode in ('erase', 'anonymise')),
  active boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null,
  ran_at timestamptz
);

create table retention_case (
  rule uuid not null references retention_rule on delete cascade,
  record uuid not null,
  -- warned: waits for the end of its grace; kept: somebody said it stays, until a day; renewed: there was contact again; done: handed to an erasure
  state text not null check (state in ('warned', 'kept', 'renewed', 'done')),
  found_at timestamptz not null,
  due_at timestamptz not null,
  -- account that was told
  owner text,
  invited_at timestamptz,
  kept_until timestamptz,
  decided_by text,
  primary key (rule, record)
);
create index retention_case_waiting on retention_case (rule, due_at) where state = 'warned';
create index retention_case_record on retention_case (record);
