-- Fields whose values are on their way into encryption or out of it (docs/decisions/0032): rows and their past in portions, in the order of the
-- records' ids.
create table sealing_move (
  field int primary key,
  direction text not null check (direction in ('in', 'out')),
  at timestamptz not null,
  by text not null,
  -- waiting: every process has to know of it first. moving: values are re-written. checking: once more, for what others wrote meanwhile
  phase text not null default 'waiting' check (phase in ('waiting', 'moving', 'checking')),
  since timestamptz not null default now(),
  reached uuid not null default '00000000-0000-0000-0000-000000000000',
  -- values re-written, those of the past included
  done int not null default 0,
  -- records to look at
  total int not null default 0,
  -- code of what stopped it last
  error text
);
