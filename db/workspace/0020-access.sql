-- Who may see and do what (docs/decisions/0018): roles, who belongs where, what is shared, what was asked for.

-- Rises with every change below; every node looks at it twice a second at most and composes anew when it moved.
create table access_state (
  one boolean primary key default true check (one),
  version bigint not null default 1
);
insert into access_state default values;

-- A role as data: src/domain/access/role.ts. The presets of templates/roles.json are put in when there is none.
create table role (
  id text primary key,
  label jsonb not null,
  help jsonb,
  objects jsonb not null,
  acts text[] not null default '{}',
  -- everything, and can't be changed
  admin boolean not null default false,
  -- what people have whom nobody has given roles
  starting boolean not null default false,
  position int not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);
create unique index role_starting on role (starting) where starting;

-- Roles of a person; no row: the starting role; an empty list: none. Administrators are told by auth."user".role.
create table person_role (
  account text primary key,
  roles text[] not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create table department (
  id uuid primary key,
  name text not null,
  parent uuid references department,
  -- counts as one of the department
  manager text,
  position int not null default 0
);
create table department_person (
  department uuid not null references department on delete cascade,
  account text not null,
  primary key (department, account)
);
create index department_person_account on department_person (account);

create table team (
  id uuid primary key,
  name text not null
);
create table team_person (
  team uuid not null references team on delete cascade,
  account text not null,
  primary key (team, account)
);
create index team_person_account on team_person (account);

-- Records of an object whose field has one of the values belong to these people's territory.
create table territory (
  id uuid primary key,
  name text not null,
  object text not null,
  field text not null,
  values text[] not null,
  accounts text[] not null
);

-- A record shared with a person or a team: at most what he who shared it had then.
create table share (
  id uuid primary key,
  object text not null,
  record uuid not null,
  account text,
  team uuid references team on delete cascade,
  edit boolean not null,
  fields jsonb not null,
  until timestamptz not null,
  created_at timestamptz not null,
  created_by text not null,
  check ((account is null) <> (team is null))
);
create index share_record on share (record);
create index share_account on share (account, until);

-- Asked to see a value that is masked, ranged or hidden in a record; granted until a day.
create table access_request (
  id uuid primary key,
  account text not null,
  object text not null,
  record uuid not null,
  field text not null,
  reason text,
  asked_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'granted', 'refused')),
  decided_at timestamptz,
  decided_by text,
  until timestamptz
);
create index access_request_account on access_request (account, until);
create unique index access_request_open on access_request (account, record, field) where state = 'open';
