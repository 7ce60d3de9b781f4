create table thing (
  arn text primary key,
  name text not null
);
create table part (
  arn text not null references thing on delete cascade,
  place integer not null,
  primary key (arn, place)
) without rowid;
