-- Campaigns (docs/decisions/0040): letters and texts to everybody in a segment. Addresses are not kept: who is written to is a record, and his address is
-- read when his letter is written.

create table campaign (
  id uuid primary key,
  name text not null,
  kind text not null check (kind in ('mail', 'sms')),
  -- draft → checking → checked → (waiting for approval) → (scheduled) → sending → (testing: two letters, the rest waits) → sent; paused and cancelled from most of them
  state text not null default 'draft' check (state in
    ('draft', 'checking', 'checked', 'waiting', 'scheduled', 'sending', 'testing', 'paused', 'sent', 'cancelled')),
  version int not null default 1,
  -- account on whose behalf it is sent: what he may not see is not sent
  owner text not null,
  -- CampaignInput of src/contract/campaigns.ts
  definition jsonb not null,
  checked_at timestamptz,
  -- filter as it was when it was checked; null: nothing found yet
  found_by jsonb,
  -- {how, below, at, by}: what was decided about addresses past due
  gate jsonb,
  start_at timestamptz,
  -- address of the site as the one who sent it saw it: links in letters begin with it
  origin text,
  approval uuid,
  winner text check (winner in ('a', 'b')),
  -- account, or null: the clock
  winner_by text,
  -- when the last letter of the trial had left
  tested_at timestamptz,
  -- code of what holds it up
  problem text,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index campaign_active on campaign (state) where state in ('checking', 'waiting', 'scheduled', 'sending', 'testing');

create table campaign_recipient (
  id uuid primary key,
  campaign uuid not null references campaign on delete cascade,
  object text not null,
  person uuid not null,
  -- looking: not looked at yet · excluded: see reason · held: until the address is confirmed · ready · queued: handed to the outbox · sent ·
  -- bounced: no such mailbox · failed · uncertain: broken off while it was handed over, never sent again
  state text not null default 'looking' check (state in
    ('looking', 'excluded', 'held', 'ready', 'queued', 'sent', 'bounced', 'failed', 'uncertain')),
  reason text,
  -- a, b: of the trial; rest: after it
  cohort text,
  variant text,
  -- keyed hash of the address: tells the same address from another, and nothing else
  address_key bytea,
  confidence real,
  stale boolean not null default false,
  queued_at timestamptz,
  sent_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  -- the first of these that was not within a minute of leaving: programs that look at mail first look at once
  opened_late timestamptz,
  clicked_late timestamptz,
  unsubscribed_at timestamptz,
  bounced_at timestamptz,
  -- hard, soft
  bounce text,
  bounce_code text,
  -- kinds of evidence that were made of it
  told text[] not null default '{}',
  unique (campaign, person)
);
create index campaign_recipient_state on campaign_recipient (campaign, state, id);
create index campaign_recipient_person on campaign_recipient (person);
create index campaign_recipient_earlier on campaign_recipient (address_key) where bounce = 'hard' or unsubscribed_at is not null;
create index campaign_recipient_sent on campaign_recipient (sent_at) where sent_at is not null;

-- Where a letter leads, in the order of its addresses; who follows one is sent there and nowhere else.
create table campaign_link (
  campaign uuid not null references campaign on delete cascade,
  variant text not null,
  n int not null,
  url text not null,
  primary key (campaign, variant, n)
);
create table campaign_click (
  recipient uuid not null references campaign_recipient on delete cascade,
  n int not null,
  at timestamptz not null,
  times int not null default 1,
  primary key (recipient, n)
);
