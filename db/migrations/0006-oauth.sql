-- Apps of others: an OAuth 2.0 authorisation server (docs/decisions/0029). Codes, tokens and secrets are kept as SHA-256 only:
-- they have 256 random bits, so neither salt nor stretching is needed.

create table auth.app (
  -- the client_id
  id uuid primary key,
  name text not null,
  about text not null default '',
  home_url text,
  -- compared character by character
  redirect_uris text[] not null,
  -- null: a public client (a phone, a command line), which can't keep a secret and has none
  secret bytea,
  secret_made_at timestamptz,
  -- the most that it may ask for
  scopes text[] not null,
  -- whom it acts as when nobody sits in front of it (client credentials); null: it can't
  account uuid references auth."user" on delete set null,
  per_minute int not null check (per_minute > 0),
  disabled boolean not null default false,
  created_by uuid references auth."user" on delete set null,
  created_at timestamptz not null default now()
);

-- One consent of one person, and all codes and tokens that came of it: they end together.
create table auth.app_grant (
  id uuid primary key,
  app uuid not null references auth.app on delete cascade,
  account uuid not null references auth."user" on delete cascade,
  -- own: client credentials, nobody was asked
  kind text not null check (kind in ('consent', 'own')),
  scopes text[] not null,
  created_at timestamptz not null default now(),
  -- however often it is refreshed
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('person', 'administrator', 'app', 'replayed-code', 'reused-token')),
  last_used_at timestamptz
);
create index on auth.app_grant (account);
create index on auth.app_grant (app);

create table auth.app_code (
  hash bytea primary key,
  app_grant uuid not null references auth.app_grant on delete cascade,
  redirect_uri text not null,
  -- S256 of the verifier, RFC 7636
  challenge text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on auth.app_code (app_grant);

create table auth.app_token (
  hash bytea primary key,
  app_grant uuid not null references auth.app_grant on delete cascade,
  kind text not null check (kind in ('access', 'refresh')),
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- a refresh token that was exchanged: seen again, the whole grant ends
  used_at timestamptz
);
create index on auth.app_token (app_grant);

-- Calls by programs, for 30 days: what an administrator looks at when one misbehaves.
create table auth.client_call (
  id bigint generated always as identity primary key,
  -- of the app or the key
  client uuid not null,
  account uuid,
  at timestamptz not null,
  -- the route, without what stood in its place holders
  call text not null,
  status int not null,
  ms int not null,
  address text not null
);
create index on auth.client_call (client, id desc);
create index on auth.client_call (at);

-- null: all that the person may; never; as many as anybody
alter table auth.api_key add column scopes text[];
alter table auth.api_key add column expires_at timestamptz;
alter table auth.api_key add column per_minute int check (per_minute > 0);
