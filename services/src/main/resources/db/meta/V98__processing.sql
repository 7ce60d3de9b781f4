create table processing_job (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  request text not null,
  state text not null,
  status text not null,
  version integer not null,
  attempt integer not null,
  created_by text not null,
  created_at integer not null,
  modified_at integer not null,
  started_at integer,
  ended_at integer,
  failure_reason text,
  exit_message text
);
create unique index processing_job_name on processing_job (account, region, lower(name));
create index processing_job_created on processing_job (account, region, created_at, name);
create index processing_job_state on processing_job (state);
