-- Reminders (B8): what people are told in the page, and how far the rules have looked.

create table notification (
  id uuid primary key,
  account text not null,
  -- what made it: told once, whatever crashes and runs again
  cause text not null,
  kind text not null,
  params jsonb not null default '{}',
  -- where it leads
  object text,
  record uuid,
  at timestamptz not null,
  read_at timestamptz,
  unique (account, cause)
);
create index notification_account on notification (account, id desc);
create index notification_unread on notification (account) where read_at is null;

-- A rule that looks at everything which crossed a line since it last looked: up to when it has.
create table reminder_clock (
  name text primary key,
  at timestamptz not null
);

-- What one person wants different from the rest.
create table reminder_preference (
  account text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
