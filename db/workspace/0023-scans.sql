-- Quarterly scans (D7): what is missing, wrong, silent or double, with the records behind what no filter can find.
create table scan_run (
  id uuid primary key,
  object text not null,
  at timestamptz not null,
  by text,
  state text not null check (state in ('running', 'done', 'failed')),
  silent_days int not null,
  done int not null default 0,
  total int not null default 0,
  -- up to which record values were read: a kill goes on there
  reached uuid,
  -- ScanFigures of src/contract/scans.ts; counts so far while it runs
  figures jsonb
);
create index scan_run_object on scan_run (object, at desc);

create table scan_finding (
  scan uuid not null references scan_run on delete cascade,
  -- silent, invalid:FIELD, respell:FIELD
  kind text not null,
  record uuid not null,
  primary key (scan, kind, record)
);
