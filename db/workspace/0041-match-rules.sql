-- By which fields and rules the keys in match_entry were made; others are made anew by the next scan.
alter table match_model add column keyed text;
