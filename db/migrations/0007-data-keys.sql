-- Keys of encrypted values (docs/decisions/0032), in a schema of their own: backups of the data that are kept for long leave it out, and of its own
-- backup only the newest is kept. Then a key that was deleted is nowhere, and what it closed can't be read out of any older backup.
create schema xianke_keys;
comment on schema xianke_keys is 'Wrapped keys of encrypted values. Back it up apart, keep the newest copy only.';

-- Master keys by what names them; they themselves are outside the database.
create table xianke_keys.master_key (
  id text primary key,
  since timestamptz not null,
  -- current: new data keys are wrapped with it. leaving: a rotation is under way. left: nothing needs it any more
  state text not null check (state in ('current', 'leaving', 'left')),
  left_at timestamptz
);
create unique index master_key_current on xianke_keys.master_key (state) where state = 'current';

-- One data key per record that has encrypted values. The record of zeros holds the workspace's key of blind indexes.
create table xianke_keys.data_key (
  workspace text not null,
  record uuid not null,
  -- master key it is wrapped with
  master text not null,
  -- AES-256-GCM: nonce, tag, key
  wrapped bytea not null,
  primary key (workspace, record)
);

-- A master key gives way to another: data keys are wrapped anew in portions, in the order of data_key's key.
create table xianke_keys.rotation (
  id uuid primary key,
  at timestamptz not null,
  by text not null,
  -- master key that takes over
  master text not null,
  -- where the walk is
  workspace text not null default '',
  record uuid not null default '00000000-0000-0000-0000-000000000000',
  done int not null default 0,
  total int not null,
  finished_at timestamptz,
  -- code of what stopped it last
  error text
);
create unique index rotation_open on xianke_keys.rotation ((true)) where finished_at is null;
