-- Trade templates that were installed: the file as it came, and which views were made for it, so that it can be exported again and taken away.
create table trade_template (
  name text primary key,
  version int not null,
  -- the file
  body jsonb not null,
  -- {object: {name in the file: id of the view}}
  views jsonb not null default '{}',
  at timestamptz not null,
  by text not null
);
