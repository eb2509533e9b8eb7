-- Up to which observation the kept figures have counted what was found: later ones are counted, with the days they fell on, when figures are next asked for.
create table figure_state (
  one boolean primary key default true check (one),
  seq bigint not null default 0
);
