create table log_group (
  account text not null,
  region text not null,
  name text not null,
  created_at integer not null,
  retention_days integer,
  primary key (account, region, name)
);

create table log_stream (
  id integer primary key,
  account text not null,
  region text not null,
  group_name text not null,
  name text not null,
  created_at integer not null,
  unique (account, region, group_name, name),
  foreign key (account, region, group_name) references log_group (account, region, name)
);
