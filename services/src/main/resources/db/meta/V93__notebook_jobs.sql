-- what notebook jobs do again and again: work is what a run does, next_at when the next is due (0 while paused or when
-- none follows), begun_at what rates are counted from
create table notebook_job_definition (
  id text primary key,
  owner text not null references studio_resource on delete cascade,
  work text not null,
  schedule text not null,
  active integer not null,
  begun_at integer not null,
  next_at integer not null,
  created_at integer not null,
  modified_at integer not null
);
create index notebook_job_definition_owner on notebook_job_definition (owner);
create index notebook_job_definition_due on notebook_job_definition (next_at) where next_at > 0;

-- runs: written before their training job is asked for, so that none is lost and none runs twice; definition is empty for
-- those that somebody began
create table notebook_job (
  id text primary key,
  owner text not null references studio_resource on delete cascade,
  definition text not null,
  work text not null,
  training_job text not null unique,
  status text not null,
  reason text not null,
  created_at integer not null,
  started_at integer not null,
  ended_at integer not null
);
create index notebook_job_owner on notebook_job (owner, created_at);
create index notebook_job_pending on notebook_job (status) where status = 'PENDING';
