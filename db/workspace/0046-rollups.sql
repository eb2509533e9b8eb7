-- Figures kept from the records that point to another (docs/decisions/0042).

-- How far each has been worked out for the records that were there when it was declared.
create table rollup_fill (
  field int primary key,
  wanted_at timestamptz not null default now(),
  after uuid,
  done int not null default 0,
  total int not null default 0,
  finished_at timestamptz
);

-- Filling looks at all that was written before there were any; following begins here.
insert into outbox_cursor (consumer, txid) values ('rollups', pg_snapshot_xmin(pg_current_snapshot())) on conflict do nothing;
