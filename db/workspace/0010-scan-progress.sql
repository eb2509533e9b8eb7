-- How far a scan for duplicates is; no row while none waits or runs. A row that nobody touched for a while is of a process that died.
create table match_scan (
  object int primary key,
  phase text not null check (phase in ('waiting', 'reading', 'comparing', 'saving')),
  done int,
  total int,
  begun_at timestamptz not null,
  at timestamptz not null
);

-- What somebody decided, newest first.
create index duplicate_pair_decided on duplicate_pair (object, decided_at desc) where state in ('different', 'later');
