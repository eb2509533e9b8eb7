-- Sheets exported to be edited elsewhere and brought back: what was written, so that the way back can tell what was changed.
create table sheet_export (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  object text not null,
  lang text not null,
  -- [{field, header, mode, def}] in the order of the file; def is the field as it was declared then
  columns jsonb not null,
  -- {account: the name written for it}
  people jsonb not null default '{}',
  -- signs the key of each row
  secret bytea not null,
  rows int
);

-- A file of this kind that came back: {export, columns, counts, …}; null for ordinary imports.
alter table import_run add column round_trip jsonb;

-- What such a file would change, cell by cell, from the comparison until it is written.
create table import_change (
  run uuid not null,
  -- row of the file
  row int not null,
  -- position of the field in the export; -1: the row as a whole
  place int not null,
  -- change, conflict, refused, unreadable, new, verify
  kind text not null,
  record uuid,
  -- of the record when it was compared
  version int,
  field text,
  base jsonb,
  now jsonb,
  file jsonb,
  -- the cell as it stands in the file
  text text,
  issue jsonb,
  -- who wrote `now`, and when
  actor text,
  at timestamptz,
  -- true: the file's value is written
  take boolean not null,
  primary key (run, row, place)
);
create index on import_change (run, kind, row, place);
