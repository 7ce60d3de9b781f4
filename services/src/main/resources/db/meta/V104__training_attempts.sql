-- attempts of a job: when the present one began and its hosts came, how long earlier ones had them, and retries so far
alter table training_job add column attempt_at integer not null default 0;
alter table training_job add column running_since integer;
alter table training_job add column ran_millis integer not null default 0;
alter table training_job add column retries integer not null default 0;
alter table training_job add column created_by text not null default '';
update training_job set attempt_at = created_at, running_since = case when ended_at is null then started_at end,
  ran_millis = case when ended_at is null then 0 else ended_at - coalesce(started_at, ended_at) end;
