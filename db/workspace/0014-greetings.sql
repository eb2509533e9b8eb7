-- Greetings by calendar (B9): who could be greeted tomorrow, put before the one who looks after him; sent on the day to those he confirmed.
create table greeting (
  id uuid primary key,
  day date not null,
  -- birthday, spring-festival, mid-autumn, national-day
  occasion text not null,
  -- account that is asked
  account text not null,
  object text not null,
  -- the customer, and the contact of his that is greeted (null: he himself)
  record uuid not null,
  contact uuid,
  -- whoever of the two is greeted
  person uuid not null,
  name text not null,
  state text not null default 'proposed' check (state in ('proposed', 'confirmed', 'sent', 'skipped', 'failed')),
  decided_at timestamptz,
  decided_by text,
  lang text,
  -- address of the site as the one who confirmed saw it
  origin text,
  sent_at timestamptz,
  ask uuid,
  -- code of what went wrong
  problem text,
  unique (person, occasion, day)
);
create index greeting_account on greeting (account, day);
create index greeting_waiting on greeting (day) where state = 'confirmed';

-- Days that were looked at.
create table greeting_day (day date primary key);

-- People who want no greetings: said by themselves through the link in one, or noted by staff.
create table greeting_stop (
  person uuid primary key,
  at timestamptz not null,
  -- account, or null: himself
  by text
);
