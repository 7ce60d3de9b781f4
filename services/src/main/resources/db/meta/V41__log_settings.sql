alter table log_group add column class text not null default 'STANDARD';
alter table log_group add column kms_key text;
alter table log_group add column protected integer not null default 0;

create table log_metric_filter (
  account text not null,
  region text not null,
  group_name text not null,
  name text not null,
  created_at integer not null,
  request text not null,
  primary key (account, region, group_name, name)
);

create table log_resource_policy (
  account text not null,
  region text not null,
  name text not null,
  document text not null,
  updated_at integer not null,
  primary key (account, region, name)
);

create table log_query_definition (
  id text primary key,
  account text not null,
  region text not null,
  name text not null,
  request text not null,
  modified_at integer not null
);
