-- Who verifies what, for how long a day, and who stands in while he is away.
create table duty (
  account text primary key,
  -- sales, service, marketing, finance, steward: what policies entrust to a role
  duties text[] not null default '{}',
  -- minutes a day for verifying; null = as everybody
  daily_minutes real check (daily_minutes >= 0),
  -- who gets his share while he is away; null = those with the same duties
  deputy text,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

-- Days away (vacation, illness), both ends included, in the workspace's time zone.
create table absence (
  account text not null,
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  primary key (account, from_day)
);
