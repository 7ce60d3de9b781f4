create table metric_series (
  id integer primary key autoincrement,
  account text not null,
  region text not null,
  namespace text not null,
  name text not null,
  dimensions text not null,
  last_second integer not null,
  unique (account, region, namespace, name, dimensions)
);

create table alarm (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  kind text not null,
  request text not null,
  configured_at integer not null,
  state text not null,
  reason text not null,
  reason_data text,
  updated_at integer not null,
  transitioned_at integer not null,
  unique (account, region, name)
);

create table alarm_history (
  id integer primary key autoincrement,
  account text not null,
  region text not null,
  name text not null,
  kind text not null,
  at integer not null,
  item text not null,
  summary text not null,
  data text not null
);

create index alarm_history_by_alarm on alarm_history (account, region, name, at);

create table dashboard (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  body text not null,
  modified_at integer not null
);
