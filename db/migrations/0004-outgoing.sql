-- Messages that leave: mail, group robots, webhooks. How each channel is reached, and a durable outbox.

create table xianke.channel (
  workspace text not null,
  -- `mail`, or an id of its own for each robot and webhook
  id text not null,
  kind text not null check (kind in ('mail', 'wecom', 'dingtalk', 'feishu', 'webhook')),
  name text not null default '',
  enabled boolean not null default true,
  -- what an administrator may read again: host, port, user, address of the sender …
  settings jsonb not null,
  -- password, robot address, signing secret: sealed with the key of the installation, which is not in the database
  secret bytea,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (workspace, id)
);

create table xianke.outgoing (
  id uuid primary key,
  workspace text not null,
  channel text not null,
  -- what made it: one message per cause, whatever crashes and runs again
  cause text not null,
  -- for people to recognise it; masked
  recipient text not null,
  -- the message, sealed (it may hold a customer's link); gone once it was sent
  content bytea,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'uncertain')),
  attempts int not null default 0,
  next_try_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  last_error text,
  unique (workspace, cause)
);
create index outgoing_waiting on xianke.outgoing (next_try_at) where state in ('waiting', 'sending');
create index outgoing_recent on xianke.outgoing (workspace, created_at desc);
