-- What amounts of a field are like (src/domain/anomaly Pattern), learned every night; segment -1: of all records.
create table amount_pattern (
  field int not null,
  segment int not null,
  pattern jsonb not null,
  learned_at timestamptz not null,
  primary key (field, segment)
);

-- {field: Suspicion}: why a change was held; null where it waits for another reason.
alter table proposal add column suspicions jsonb;
