-- Audit (docs/decisions/0026): a Merkle tree over everything that was done, RFC 6962, with signed heads.

-- How far the tree is. Change sets are entries by themselves: the log follows them in commit order, as readers of the outbox do.
create table audit_log (
  one boolean primary key default true check (one),
  log uuid not null default gen_random_uuid(),
  size bigint not null default 0,
  -- up to here everything is in the tree, in the order of transactions; what was before the log began is not
  txid xid8 not null,
  id uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into audit_log (txid) values (pg_snapshot_xmin(pg_current_snapshot()));

-- What was done otherwise (sign-ins, reads, searches, exports, permissions, admin acts) waits here for its leaf, a minute at most.
create table audit_pending (
  id uuid primary key,
  txid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  actor text not null,
  source text not null,
  kind text not null,
  object text,
  records uuid[] not null default '{}',
  body jsonb not null default '{}',
  private jsonb
);
create index audit_pending_txid on audit_pending (txid, id);

-- The leaves. Only the private part of one may ever be taken away.
create table audit_entry (
  leaf bigint primary key,
  id uuid not null,
  at timestamptz not null,
  actor text not null,
  source text not null,
  kind text not null,
  object text,
  records uuid[] not null default '{}',
  body jsonb not null default '{}',
  -- SHA-256 of salt and private part
  commitment bytea,
  salt bytea,
  private jsonb
);
create index audit_entry_actor on audit_entry (actor, leaf);
create index audit_entry_kind on audit_entry (kind, leaf);
create index audit_entry_object on audit_entry (object, leaf) where object is not null;
create index audit_entry_records on audit_entry using gin (records);
create index audit_entry_at on audit_entry using brin (at) with (pages_per_range = 16);

-- Roots of complete subtrees, 256 to a tile (https://c2sp.org/tlog-tiles): level 0 holds the leaves' hashes.
create table audit_tile (
  level smallint not null,
  n bigint not null,
  hashes bytea not null,
  primary key (level, n)
) with (fillfactor = 60);
alter table audit_tile alter column hashes set storage external;

create table audit_head (
  size bigint not null,
  at timestamptz not null,
  root bytea not null,
  signature bytea not null,
  primary key (size, at)
);

-- Against mistakes. Against a superuser stand the signed heads, of which copies are elsewhere.
create function audit_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'audit_entry' then
    if new.private is null and new.salt is null
      and to_jsonb(new) - 'private' - 'salt' = to_jsonb(old) - 'private' - 'salt' then
      return new;
    end if;
  end if;
  raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_append_only before update or delete on audit_entry for each row execute function audit_append_only();
create trigger audit_entry_no_truncate before truncate on audit_entry execute function audit_append_only();
create trigger audit_head_append_only before update or delete on audit_head for each row execute function audit_append_only();
create trigger audit_head_no_truncate before truncate on audit_head execute function audit_append_only();

-- Auditors may see it; roles that were made before know nothing of it.
update role set acts = array_append(acts, 'audit') where id = 'auditor' and not 'audit' = any(acts);
update access_state set version = version + 1;
