-- Asking the customer to confirm his own data (B9), and proposals: changes held for a person.

-- Settings of modules, one row each.
create table module_setting (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

-- A change that waits for a person, whatever its source.
create table proposal (
  id uuid primary key,
  at timestamptz not null,
  object text not null,
  record uuid not null,
  -- who proposes, and through what: both doors' words
  actor text not null,
  source text not null,
  reason text,
  -- {field: value wanted} and {field: value at the time}; canonical values
  wanted jsonb not null,
  before jsonb not null,
  -- version of the record that was seen: later changes of the same fields are conflicts
  version int not null,
  state text not null default 'held' check (state in ('held', 'accepted', 'rejected')),
  decided_at timestamptz,
  decided_by text,
  note text,
  change_set uuid
);
create index proposal_held on proposal (at desc) where state = 'held';
create index proposal_record on proposal (record);

create table ask (
  id uuid primary key,
  object text not null,
  record uuid not null,
  made_at timestamptz not null,
  made_by text not null,
  -- dialog: a person asked; embed: made by a program at the customer's sign-in
  kind text not null default 'dialog' check (kind in ('dialog', 'embed')),
  lang text not null,
  -- address of the site as the asker saw it: links in later reminders begin with it
  origin text not null,
  template text,
  subject text not null default '',
  message text not null default '',
  expires_at timestamptz not null,
  remind_after_days int
);
create index ask_record on ask (record, made_at desc);
create index ask_recent on ask (made_at desc);

-- Each person who was asked has his own state; one who answers or doesn't is no matter of the others.
create table ask_recipient (
  id uuid primary key,
  ask uuid not null references ask on delete cascade,
  -- record of the person; null when the customer has no contacts yet
  contact uuid,
  name text not null,
  email text,
  way text not null check (way in ('mail', 'link')),
  -- [{object, id, field}]
  cells jsonb not null,
  -- expired follows from ask.expires_at
  state text not null default 'sent' check (state in ('sent', 'opened', 'answered', 'revoked')),
  sent_at timestamptz not null,
  opened_at timestamptz,
  answered_at timestamptz,
  revoked_at timestamptz,
  reminded_at timestamptz,
  -- he found his link expired and asked for a new one
  wants_link_at timestamptz,
  -- which words he agreed to, when
  consent jsonb,
  -- {right, changed, gone, held}: counts
  answers jsonb,
  change_set uuid
);
create index ask_recipient_ask on ask_recipient (ask);
create index ask_recipient_open on ask_recipient (sent_at) where state in ('sent', 'opened');

-- Links. Of a link only a keyed hash is here; the key is not in the database.
create table ask_link (
  -- first 8 bytes of the link: finds the row
  selector bytea primary key,
  hash bytea not null,
  recipient uuid not null references ask_recipient on delete cascade,
  made_at timestamptz not null
);
create index ask_link_recipient on ask_link (recipient);

-- Addresses (hashed) that came with links that open nothing.
create table ask_miss (
  address bytea primary key,
  count int not null,
  since timestamptz not null
);
