-- Schema xianke: what all workspaces share. Tables of sign-in live in schema auth (made by the identity module's migration).
create schema if not exists xianke;

create table xianke.workspace (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,30}$'),
  name text not null,
  schema_name text not null unique,
  created_at timestamptz not null default now(),
  settings jsonb not null default '{}'
);

-- One answer per idempotency key, kept at least 24 h; written in the transaction of its effect.
create table xianke.idempotency (
  workspace text not null,
  actor text not null,
  key text not null check (length(key) between 1 and 255),
  request_hash text not null,
  status int not null,
  response jsonb not null,
  at timestamptz not null default now(),
  primary key (workspace, actor, key)
);
create index on xianke.idempotency (at);
