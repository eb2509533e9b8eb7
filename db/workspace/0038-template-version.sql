-- Which version of a template a workspace has taken over: what a later one brings is added once, so that what the firm
-- threw away does not come back. A workspace without a row has version 1.
create table template_version (
  name text primary key,
  version int not null,
  at timestamptz not null default now()
);
