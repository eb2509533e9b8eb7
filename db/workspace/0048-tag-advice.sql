-- Tags that a language model proposes (docs/decisions/0039). Off until somebody gives an address; proposals only.

create table tag_adviser (
  one boolean primary key default true check (one),
  -- {on, address, model, daily}
  settings jsonb not null,
  -- the key, sealed
  secret bytea,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

-- A text that is to be asked about; no text is kept.
create table tag_question (
  id uuid primary key,
  source_object text not null,
  source_record uuid not null unique,
  at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  tries int not null default 0,
  next_try_at timestamptz not null default '-infinity',
  done_at timestamptz,
  -- tags proposed
  proposed int not null default 0,
  error text
);
create index tag_question_waiting on tag_question (next_try_at, id) where state = 'waiting';
create index tag_question_done on tag_question (done_at) where done_at is not null;
