-- What somebody verified today, for the head of his list; edits that verify nothing are not in it.
create index delta_verified on delta (actor, at) where kind = 'v' or before ? '$v';
-- Somebody's own changes, newest first.
create index change_set_actor on change_set (actor, id);
