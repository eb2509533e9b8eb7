-- Whose call a number is on a day: the first list that shows it has it. Customers of two people may share a contact; he is called once.
create table call_claim (
  -- number of the day in the workspace's time zone
  day int not null,
  -- md5 of the number: enough to compare
  number text not null,
  -- the customer it was first shown with, and whose list that is on
  bundle uuid not null,
  account text not null,
  primary key (day, number)
);
