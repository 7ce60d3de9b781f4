create table training_job (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  request text not null,
  state text not null,
  status text not null,
  version integer not null,
  attempt integer not null,
  created_at integer not null,
  modified_at integer not null,
  started_at integer,
  ended_at integer,
  failure_reason text,
  model_artifacts text,
  final_metrics text not null
);
create unique index training_job_name on training_job (account, region, lower(name));
create index training_job_created on training_job (account, region, created_at, name);
create index training_job_state on training_job (state);

create table training_transition (
  arn text not null references training_job on delete cascade,
  place integer not null,
  secondary_status text not null,
  message text not null,
  started_at integer not null,
  ended_at integer,
  primary key (arn, place)
);
