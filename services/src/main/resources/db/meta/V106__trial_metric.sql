-- metrics of trial components, each value as it was put
create table trial_metric (
  id integer primary key,
  component text not null,
  name text not null,
  unique (component, name)
);
create table trial_metric_value (
  id integer primary key,
  metric integer not null references trial_metric on delete cascade,
  at integer not null,
  step integer,
  value real not null
);
create index trial_metric_value_at on trial_metric_value (metric, at);
create index trial_metric_value_step on trial_metric_value (metric, step, at) where step is not null;
-- a job's own trial component goes with the job: one that is made later under the name begins without metrics
create trigger training_job_metrics after delete on training_job begin
  delete from trial_metric where component =
    replace(old.arn, ':training-job/', ':experiment-trial-component/') || '-aws-training-job';
end;
create trigger processing_job_metrics after delete on processing_job begin
  delete from trial_metric where component =
    replace(old.arn, ':processing-job/', ':experiment-trial-component/') || '-aws-processing-job';
end;
