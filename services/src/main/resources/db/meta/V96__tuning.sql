-- hyperparameter tuning jobs; request is what was accepted with its defaults, created_by the ARN of who asked
create table tuning_job (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  request text not null,
  state text not null,
  status text not null,
  version integer not null,
  seed integer not null,
  created_by text not null,
  created_at integer not null,
  modified_at integer not null,
  ended_at integer,
  failure_reason text,
  converged_at integer
);
create unique index tuning_job_name on tuning_job (account, region, lower(name));
create index tuning_job_created on tuning_job (account, region, created_at, name);
create index tuning_job_state on tuning_job (state);

-- points that are tried: written before their training job, called name, is asked for (begun), so that none is lost and
-- none runs twice; definition is the place of the training job definition, objective counts while objective_status is
-- Succeeded, stop says why the tuning job ends it early
create table tuning_trial (
  tuning_job text not null references tuning_job on delete cascade,
  number integer not null,
  name text not null,
  definition integer not null,
  tuned text not null,
  begun integer not null,
  status text not null,
  objective_status text not null,
  objective real not null,
  stop text not null,
  failure_reason text not null,
  created_at integer not null,
  started_at integer not null,
  ended_at integer not null,
  primary key (tuning_job, number)
) without rowid;
