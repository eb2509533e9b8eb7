-- Service clocks (docs/decisions/0043): which records are to be looked at when, and how each of their clocks stands.
create table service_due (
  record uuid primary key,
  object text not null,
  -- a change of the record, or a clock that gets near or late
  next_at timestamptz not null
);
create index service_due_next on service_due (next_at);

create table service_clock (
  record uuid not null,
  clock text not null,
  phase text not null check (phase in ('runs', 'pauses', 'done')),
  state text,
  due timestamptz,
  done_at timestamptz,
  -- working milliseconds used up when it last stood still or was looked at; and those there were
  spent bigint not null,
  target bigint not null,
  -- what was put into the record: another value there is a person's and stays
  wrote timestamptz,
  primary key (record, clock)
);

insert into outbox_cursor (consumer, txid) values ('service', pg_snapshot_xmin(pg_current_snapshot())) on conflict do nothing;

-- The pool (公海): records that went back, were warned of, or were taken from it. One row each; the trail of a record.
create table pool_move (
  id uuid primary key,
  at timestamptz not null,
  object text not null,
  record uuid not null,
  -- warned, returned, taken, given, given-up
  kind text not null,
  -- whose it was, and whose it became
  before text,
  after text,
  -- rule by which
  rule uuid,
  -- day of the return that a warning tells of
  due date,
  actor text not null
);
create index pool_move_record on pool_move (record, at desc);
create index pool_move_account on pool_move (after, at) where kind = 'taken';
