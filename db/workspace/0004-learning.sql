-- What freshness learns from, and the settings it works by.

-- Rows of the table of evidence kinds that an administrator changed or added; the rest are the product's defaults.
create table evidence_kind (
  kind text primary key,
  -- EvidenceKind of src/domain/freshness/evidence.ts without its name; {"off": true} switches a default off
  definition jsonb not null,
  at timestamptz not null default now(),
  author text not null
);

-- What already spoke: a cause (an interaction, a delivery, a message of an outside system) counts once, whoever reports it how often.
create table evidence_cause (
  cause text not null,
  kind text not null,
  record uuid not null,
  at timestamptz not null,
  change_set uuid,
  primary key (cause, kind, record)
);

-- Readers of the outbox (table change_set) and how far each is, in commit order.
create table outbox_cursor (
  consumer text primary key,
  -- every set before (txid, change_set) is done; of that one the records up to `record`, or all when it is null
  txid xid8 not null default '0',
  change_set uuid not null default '00000000-0000-0000-0000-000000000000',
  record uuid
);

-- One line per value someone looked at: how long after it was last settled, and what was found. Append-only; an undone change adds its opposite.
create table observation (
  seq bigint primary key generated always as identity,
  record uuid not null,
  field int not null,
  at timestamptz not null,
  -- years since the value was last settled
  age real not null,
  -- years it had been unchanged before that, where known
  born real,
  -- r found right, c found changed, g gone (emptied)
  outcome "char" not null,
  -- belief that it was still right, as the plan in force said just before
  predicted real,
  -- v verification, w correction on the way, i trusted import
  how "char" not null,
  actor text not null,
  -- 1, or -1 for the opposite of a line whose change was undone
  weight smallint not null default 1
);
create index observation_at on observation using brin (at) with (pages_per_range = 16);
create index observation_field on observation (field, seq desc);

-- Sums that a rate is fitted from, per field and segment ('' = records in no segment); so that a refit never reads history again.
create table rate_sum (
  field int not null,
  segment text not null,
  observations int not null default 0,
  -- years in which nothing changed
  unchanged double precision not null default 0,
  -- {step: n}: intervals with a change found, in steps of half a percent
  intervals jsonb not null default '{}',
  primary key (field, segment)
);

-- How far the sums are, and for which segments they were made.
create table rate_state (
  one boolean primary key default true check (one),
  seq bigint not null default 0,
  segments text not null default '',
  -- when rates in force last moved: every move re-plans, so they wait for each other
  adopted_at timestamptz
);

-- Fitted rates, changes per year.
create table rate_fit (
  field int not null,
  segment text not null,
  rate double precision not null,
  low double precision not null,
  high double precision not null,
  observations int not null,
  changes double precision not null,
  at timestamptz not null,
  -- Weibull shape; 1 = memoryless
  shape double precision not null default 1,
  -- the rate in force; moves only when the fitted one has moved enough to re-plan for
  used double precision not null,
  primary key (field, segment)
);

-- Small settings of freshness: capacity, trusted imports.
create table freshness_setting (key text primary key, value jsonb not null);
