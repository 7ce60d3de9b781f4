-- notebook instances. document is what Describe answers, without what the other columns say; configured counts starts
-- that ran the OnCreate script to the end, attempt all starts; log_start is where the attempt's output begins in its log
-- stream; repositories holds the additional ones, each between line feeds
create table notebook_instance (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  document text not null,
  lifecycle_config text not null,
  default_repository text not null,
  repositories text not null,
  state text not null,
  status text not null,
  version integer not null,
  attempt integer not null,
  configured integer not null,
  log_start integer not null,
  created_at integer not null,
  modified_at integer not null,
  failure_reason text
);
create index notebook_instance_listed on notebook_instance (account, region, name);
create index notebook_instance_state on notebook_instance (state);
