-- Spot checks (B11) and blind re-checks (B14): records drawn at random to be verified, so that accuracy can be stated with its error.
create table check_campaign (
  id uuid primary key,
  name text not null,
  object text not null,
  -- names of the fields looked at
  fields text[] not null,
  -- random: of all living records; recheck: of those somebody found right lately
  kind text not null check (kind in ('random', 'recheck')),
  -- ± wanted at 95 %, 0..1
  precision real not null,
  population int not null,
  at timestamptz not null,
  author text not null,
  closed_at timestamptz
);

create table check_item (
  campaign uuid not null references check_campaign on delete cascade,
  record uuid not null,
  -- recheck: who found it right before; the check counts when somebody else looks
  before text,
  primary key (campaign, record)
);
