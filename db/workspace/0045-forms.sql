-- Public forms and censuses (docs/decisions/0041): what is asked, what came in, what was refused.

create table form (
  id uuid primary key,
  -- of the public page: /f/KEY
  key text not null unique,
  -- FormDesign of src/domain/forms
  design jsonb not null,
  version int not null default 1,
  state text not null default 'draft' check (state in ('draft', 'open', 'closed')),
  -- account with whose permissions it asks and writes: whoever saved it last
  author text not null,
  made_at timestamptz not null,
  updated_at timestamptz not null,
  -- taken of a form that takes so many and no more
  taken int not null default 0
);

-- What an outsider sent. Taken by one insert; a job makes of it what follows, once.
create table form_submission (
  id uuid primary key,
  form uuid not null references form on delete cascade,
  at timestamptz not null,
  lang text not null,
  -- random part of the challenge that was solved for it: each is good for one submission
  challenge bytea not null unique,
  -- of what was sent: the same sent twice is one
  digest bytea not null,
  -- {question: [text]}; gone once it is a record or a proposal
  answers jsonb,
  -- [{purpose, separate}]
  consents jsonb not null default '[]',
  state text not null default 'received'
    check (state in ('received', 'created', 'proposed', 'same', 'held', 'junk', 'rejected')),
  -- {code, message: {zh, en}}: why it waits or was put aside
  why jsonb,
  -- what it became, or is about
  object text,
  record uuid,
  -- [{object, id}]: records it may be about
  candidates jsonb not null default '[]',
  change_set uuid,
  tries int not null default 0,
  next_try_at timestamptz not null,
  done_at timestamptz,
  done_by text
);
create index form_submission_waiting on form_submission (next_try_at, id) where state = 'received';
create index form_submission_form on form_submission (form, state, id desc);
create index form_submission_recent on form_submission (state, id desc);
create index form_submission_record on form_submission (record) where record is not null;

-- Keys of records that forms made a moment ago: table match_entry follows some seconds later, and who sends twice does it within these.
create table form_key (
  object int not null,
  key int not null,
  record uuid not null,
  at timestamptz not null
);
create index form_key_lookup on form_key (object, key);
create index form_key_at on form_key (at);

-- What was refused at the door, counted only.
create table form_junk (
  form uuid not null references form on delete cascade,
  day date not null,
  kind text not null,
  n int not null,
  primary key (form, day, kind)
);

-- A round in which many customers are asked for their details: one request (table ask) per customer, by a day.
create table census (
  id uuid primary key,
  name text not null,
  object text not null,
  filter jsonb,
  fields text[] not null,
  lang text not null,
  origin text not null,
  made_at timestamptz not null,
  made_by text not null,
  due_at timestamptz not null,
  remind_days int not null,
  total int not null,
  -- could not be asked
  left_out int not null default 0,
  -- the last record looked at
  place uuid,
  state text not null default 'sending' check (state in ('sending', 'sent', 'stopped'))
);

alter table ask add column census uuid references census;
create unique index ask_census on ask (census, record) where census is not null;
