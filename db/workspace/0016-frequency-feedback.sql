-- What people say of how often a field is verified (B10): read in the quarterly evaluation.
create table frequency_feedback (
  id uuid primary key,
  at timestamptz not null,
  account text not null,
  object text not null,
  field text not null,
  verdict text not null check (verdict in ('too-often', 'right', 'too-seldom')),
  note text
);
create index on frequency_feedback (at);
