-- How somebody who was erased is noticed when he is entered again: keyed hashes of his numbers and addresses (records/erase/erased-marks.ts). No value, and
-- without the key, which is outside the database, nothing to try values against.
create table erased_mark (
  mark text primary key,
  erasure uuid not null,
  at timestamptz not null
);
