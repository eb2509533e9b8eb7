-- Figures kept day by day, so that a quarter can be reported and a policy compared with the one before it (B10, B12).

-- One line per day: what the figures of that day were counted from.
create table figure_day (
  -- in the workspace's time zone
  day date primary key,
  at timestamptz not null,
  -- customers looked at, of about so many; `whole`: all of them, and no figure of the day has an error
  customers int not null,
  total bigint not null,
  whole boolean not null
);

-- Values with a rule, per day, object, field and segment. object 0 = all, field 0 = all, segment '*' = all, '' = in none of the policy's.
create table figure_field (
  day date not null,
  object int not null,
  field int not null,
  segment text not null,
  -- filled values, those past due by the rule of that day, and the sum of belief in them; estimated from the sample
  cells double precision not null default 0,
  expired double precision not null default 0,
  belief double precision not null default 0,
  -- ± of the expired share at 90 %; 0 when everything was counted
  error real not null default 0,
  -- values found right and found changed in verifications that day, and corrected on the way
  confirmed int not null default 0,
  wrong int not null default 0,
  corrected int not null default 0,
  primary key (day, object, field, segment)
);

-- The same per person: values of the customers who are his, and what he verified. '' = nobody's.
create table figure_person (
  day date not null,
  person text not null,
  customers double precision not null default 0,
  cells double precision not null default 0,
  expired double precision not null default 0,
  belief double precision not null default 0,
  error real not null default 0,
  confirmed int not null default 0,
  wrong int not null default 0,
  corrected int not null default 0,
  primary key (day, person)
);

-- What segments were called: a policy forgets those it no longer has.
create table figure_segment (
  segment text primary key,
  name jsonb not null
);

-- Censuses and stock-takes are campaigns too: same table, same counting (B11).
alter table check_campaign drop constraint check_campaign_kind_check;
alter table check_campaign
  add constraint check_campaign_kind_check check (kind in ('random', 'recheck', 'census', 'stocktake')),
  -- records drawn
  add column records int,
  -- days until it should be done; null: open end
  add column days int,
  -- week, month, quarter, half: drawn again by itself, this one ends then
  add column repeats text check (repeats in ('week', 'month', 'quarter', 'half')),
  -- moment of the next draw; null: none, or drawn already
  add column next_at timestamptz,
  -- stock-take: most records for one person
  add column per_person int,
  -- figures at the end; while it is open they are counted
  add column result jsonb;
update check_campaign c set records = (select count(*) from check_item i where i.campaign = c.id);
create index check_campaign_next on check_campaign (next_at) where next_at is not null;

-- Whom it falls to; '' = nobody.
alter table check_item add column person text not null default '';
create index check_item_person on check_item (person, campaign);
