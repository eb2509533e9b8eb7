-- Privacy (docs/decisions/0028): erasure and what it leaves, why data is held and who agreed, what people ask for.

-- A decision to erase. No values: what identifies a person is read from his records while the job runs.
create table erasure (
  id uuid primary key,
  at timestamptz not null,
  by text not null,
  -- erase: the row goes; anonymise: the row stays for statistics
  mode text not null check (mode in ('erase', 'anonymise')),
  ground text not null check (ground in ('subject', 'withdrawn', 'expired', 'purpose', 'unlawful', 'other')),
  -- the request or the rule that led here
  cause uuid,
  state text not null default 'waiting' check (state in ('waiting', 'working', 'done', 'failed')),
  change_set uuid not null,
  -- {records: {object: n}, fields, deltas, files, messages, audit, copies: {table: n}, mentions: {object: n}}
  report jsonb not null default '{}',
  -- code, never a sentence of the database: that may quote values
  error text,
  finished_at timestamptz,
  -- tables that were touched and not yet written anew: old versions of rows may stand in their files
  unscrubbed text[] not null default '{}'
);
create index erasure_recent on erasure (at desc);

create table erasure_record (
  erasure uuid not null references erasure on delete cascade,
  record uuid not null,
  object text not null,
  mode text not null check (mode in ('erase', 'anonymise')),
  done boolean not null default false,
  primary key (erasure, record)
);

-- What is left of a record: that it was there, which fields it had, and who took it away on what ground.
create table tombstone (
  record uuid primary key,
  object text not null,
  erasure uuid not null,
  mode text not null,
  at timestamptz not null,
  by text not null,
  ground text not null,
  fields text[] not null,
  -- versions of the past that were taken away
  deltas int not null
);

-- What a field looks like by its content; an answer stays, so that nobody is asked twice.
create table field_mark (
  field int primary key,
  -- idcard, bankcard, mobile, mail, name, address, health …
  kind text not null,
  sensitivity text not null check (sensitivity in ('personal', 'sensitive')),
  -- share of the values looked at that are of that kind
  share real not null,
  looked int not null,
  at timestamptz not null,
  answer text check (answer in ('accepted', 'declined')),
  by text
);

-- Why data is held.
create table purpose (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,40}$'),
  label jsonb not null,
  -- PIPL art. 13, GDPR art. 6
  basis text not null check (basis in ('consent', 'contract', 'law', 'interest', 'public', 'vital')),
  -- object.field
  fields text[] not null default '{}',
  version int not null default 1,
  position int not null default 0,
  retired boolean not null default false,
  builtin boolean not null default false,
  updated_at timestamptz not null default now(),
  updated_by text not null
);
-- The words people agree to; every version stays.
create table purpose_text (
  purpose text not null references purpose,
  version int not null,
  words jsonb not null,
  at timestamptz not null default now(),
  by text not null,
  primary key (purpose, version)
);

-- Who agreed to what, when and how; the newest line per person, purpose, channel and kind is in force.
create table consent (
  id uuid primary key,
  object text not null,
  person uuid not null,
  purpose text not null references purpose,
  channel text not null check (channel in ('any', 'mail', 'phone', 'sms', 'wechat', 'post')),
  -- given on its own for sensitive fields (PIPL art. 29), beside the general one
  separate boolean not null default false,
  state text not null check (state in ('given', 'refused', 'withdrawn')),
  at timestamptz not null,
  source text not null check (source in ('page', 'customer', 'form', 'paper', 'phone', 'import', 'link')),
  text_version int,
  note text,
  by text
);
create index consent_person on consent (person, at desc, id desc);
create index consent_purpose on consent (purpose, state);

-- What people ask for under the law, with its deadline.
create table subject_request (
  id uuid primary key,
  object text not null,
  record uuid not null,
  kind text not null check (kind in ('copy', 'correct', 'delete', 'port')),
  law text not null check (law in ('pipl', 'gdpr')),
  received_at timestamptz not null,
  due_on date not null,
  extended boolean not null default false,
  state text not null default 'open' check (state in ('open', 'checking', 'working', 'done', 'refused')),
  handler text,
  note text,
  answer text,
  erasure uuid,
  created_by text not null,
  closed_at timestamptz,
  closed_by text
);
create index subject_request_due on subject_request (due_on) where state in ('open', 'checking', 'working');
create index subject_request_record on subject_request (record);
create table subject_request_step (
  request uuid not null references subject_request on delete cascade,
  n int not null,
  at timestamptz not null,
  by text not null,
  state text not null,
  primary key (request, n)
);

insert into purpose (id, label, basis, fields, position, builtin, updated_by) values
  ('service', '{"zh": "履行合同与服务", "en": "Contract and service"}', 'contract', '{}', 1, true, 'system'),
  ('confirm', '{"zh": "核对资料是否准确", "en": "Keeping data accurate"}', 'interest', '{}', 2, true, 'system'),
  ('care', '{"zh": "节日与生日问候", "en": "Greetings"}', 'consent', '{}', 3, true, 'system'),
  ('marketing', '{"zh": "产品与活动推介", "en": "Marketing"}', 'consent', '{}', 4, true, 'system');
insert into purpose_text (purpose, version, words, by) values
  ('service', 1, '{"zh": "为与您签订和履行合同、提供售后服务，我们处理您的姓名和联系方式。", "en": "To make and keep contracts with you and to serve you, we process your name and how to reach you."}', 'system'),
  ('confirm', 1, '{"zh": "我们偶尔请您核对我们所存的资料是否仍然正确。", "en": "Now and then we ask you whether what we hold about you is still right."}', 'system'),
  ('care', 1, '{"zh": "您同意我们在节日和您的生日向您发送问候，可随时撤回。", "en": "You agree to greetings on holidays and your birthday; you can withdraw at any time."}', 'system'),
  ('marketing', 1, '{"zh": "您同意我们向您介绍产品和活动，可随时撤回。", "en": "You agree to hear about products and events; you can withdraw at any time."}', 'system');
-- Who said before that he wants no greetings.
insert into consent (id, object, person, purpose, channel, state, at, source)
select gen_random_uuid(), coalesce((select g.object from greeting g where g.person = s.person limit 1), 'customer'), s.person, 'care', 'any', 'withdrawn', s.at,
  case when s.by is null then 'link' else 'page' end from greeting_stop s;
