-- Values with a rule that are empty, beside those that are filled: how complete a person's customers are (J4). Earlier days don't know.
alter table figure_person add column missing double precision not null default 0;
