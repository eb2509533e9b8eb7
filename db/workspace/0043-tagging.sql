-- Tags found in texts (docs/decisions/0039). The tags themselves stand in the customer's fields; here is why, since when and until when.

create table tag_dictionary_version (
  version int primary key generated always as identity,
  at timestamptz not null default now(),
  author text not null,
  -- TagDictionary of src/domain/tagging
  rules jsonb not null
);

-- A phrase found in a text: the evidence for a tag. No text is kept, only where it stands.
create table tag_mention (
  id uuid primary key,
  -- the customer, the field and the tag
  record uuid not null,
  field text not null,
  tag text not null,
  source_object text not null,
  source_record uuid not null,
  source_field text not null,
  phrase text not null,
  -- UTF-16 units from the beginning of the text
  place int not null,
  length int not null,
  -- when it was said
  at timestamptz not null,
  found_at timestamptz not null,
  -- found: by a look that nobody has agreed to yet. waiting: to be acted on. done: it stands behind a tag. lost: the text says it no longer, to be acted on.
  -- gone: acted on. old: the tag ended. refused: a person took the tag away, it does not come back from this.
  state text not null check (state in ('found', 'waiting', 'done', 'lost', 'gone', 'old', 'refused')),
  run uuid,
  tries int not null default 0,
  next_try_at timestamptz not null default '-infinity',
  unique (record, field, tag, source_record, source_field)
);
create index tag_mention_waiting on tag_mention (next_try_at, record) where state in ('waiting', 'lost');
create index tag_mention_run on tag_mention (run, record) where state = 'found';
create index tag_mention_source on tag_mention (source_record);

-- A tag that a customer has: who set it, and when it was last heard.
create table tag_state (
  record uuid not null,
  field text not null,
  tag text not null,
  -- null: texts did
  actor text,
  set_at timestamptz not null,
  set_in uuid,
  last_at timestamptz not null,
  primary key (record, field, tag)
);
create index tag_state_last on tag_state (field, tag, last_at);

-- A look through all texts, and what came of it.
create table tag_run (
  id uuid primary key,
  at timestamptz not null,
  by text not null,
  version int not null,
  state text not null check (state in ('looking', 'ready', 'running', 'done', 'cancelled', 'failed')),
  -- {source: number, after: id}: how far the look is
  reached jsonb,
  done int not null default 0,
  total int not null default 0,
  -- [{field, tag, customers, texts, denied}]
  counts jsonb,
  change_set uuid,
  cancel boolean not null default false,
  error text,
  finished_at timestamptz
);

-- How the value of customers is counted, by version; and when it last was.
create table value_settings_version (
  version int primary key generated always as identity,
  at timestamptz not null default now(),
  author text not null,
  -- ValueSettings of src/server/modules/value
  rules jsonb not null
);
create table value_computed (
  at timestamptz not null,
  version int not null
);

-- What was written before there were tags is looked at when somebody asks for it.
insert into outbox_cursor (consumer, txid) values ('tagging', pg_snapshot_xmin(pg_current_snapshot())) on conflict do nothing;
