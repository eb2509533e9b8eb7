-- One inbox for all that waits for a person (D4, D5): proposals are decided field by field, by people or by rules.

alter table proposal
  -- fields nobody has decided on yet; state is held while there are any
  add column open text[] not null default '{}',
  -- where it is from, in the words of src/domain/review
  add column origins text[] not null default '{}',
  -- {field: probability that the new value is right}
  add column confidence jsonb not null default '{}',
  -- fields whose value was past due when it came
  add column stale text[] not null default '{}',
  -- account that looks after the record, followed with the record
  add column owner text,
  -- the record is in the bin, or its object retired
  add column gone boolean not null default false,
  -- when rules looked at it; null: not yet
  add column judged_at timestamptz;

update proposal set
  open = case when state = 'held' then array(select jsonb_object_keys(wanted)) else '{}' end,
  judged_at = now(),
  origins = array[case source when 'customer' then 'customer' when 'import' then 'import' when 'form' then 'form'
      when 'page' then 'colleague' when 'cli' then 'colleague' else 'outside' end]
    || case when suspicions is null then '{}'::text[] else array['odd'] end;

drop index proposal_held;
create index proposal_open on proposal (id desc) where state = 'held' and not gone;
create index proposal_owner on proposal (owner, id desc) where state = 'held' and not gone;
-- few of many: one field, one origin
create index proposal_of on proposal using gin (open, origins) where state = 'held' and not gone;
create index proposal_unjudged on proposal (id) where state = 'held' and judged_at is null;

-- What was decided about one field, by whom. An undone decision stays.
create table proposal_decision (
  id uuid primary key,
  -- decided at one stroke, and undone at one
  batch uuid not null,
  proposal uuid not null references proposal on delete cascade,
  field text not null,
  at timestamptz not null,
  by text not null,
  decision text not null check (decision in ('accepted', 'rejected')),
  -- the value that was probably meant was written, not the one that was proposed
  meant boolean not null default false,
  note text,
  change_set uuid,
  -- the rule that decided, and the version of the rules it stood in; null: a person did
  rule uuid,
  rules_version int,
  undone_at timestamptz,
  undone_by text
);
create unique index proposal_decision_field on proposal_decision (proposal, field) where undone_at is null;
create index proposal_decision_batch on proposal_decision (batch);
create index proposal_decision_rule on proposal_decision (id desc) where rule is not null;

insert into proposal_decision (id, batch, proposal, field, at, by, decision, note, change_set)
select gen_random_uuid(), id, id, field, coalesce(decided_at, at), coalesce(decided_by, 'system'), state, note, change_set
from proposal, jsonb_object_keys(wanted) as field where state <> 'held';

-- Rules that decide and rules that hold (src/domain/review ReviewRules); the newest is in force.
create table review_rule_version (
  version int primary key generated always as identity,
  at timestamptz not null default now(),
  author text not null,
  reason text,
  rules jsonb not null
);
