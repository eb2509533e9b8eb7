-- Imports: what was read, how it is mapped, how far it is. Each working state survives a crash: whoever holds the advisory lock of a run works on it.
create table import_run (
  id uuid primary key,
  file uuid not null,
  file_name text not null,
  bytes bigint not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  role text not null,
  lang text not null default 'zh',
  state text not null check (state in ('reading', 'mapping', 'previewing', 'ready', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  error jsonb,
  format text,
  encoding text,
  sheets jsonb not null default '[]',
  notices jsonb not null default '[]',
  settings jsonb,
  preview jsonb,
  -- checkpoint, written in the transaction of each batch: rows of the file with smaller numbers are done
  next_row int not null default 0,
  rows_done int not null default 0,
  total_rows int,
  counts jsonb not null default '{}',
  change_set uuid,
  cancel boolean not null default false,
  started_at timestamptz,
  finished_at timestamptz
);
create index on import_run (created_at desc);

-- Rows of a run that were refused or taken in part: the original cells and why.
create table import_reject (
  run uuid not null,
  row int not null,
  -- true: nothing of the row was written; false: written without the cells named
  whole boolean not null,
  cells jsonb not null,
  -- [{field, column, text, issue}]
  problems jsonb not null,
  primary key (run, row)
);

-- Where people sent a header before.
create table import_memory (
  object text not null,
  header text not null,
  target text not null,
  used_at timestamptz not null default now(),
  primary key (object, header)
);
