-- the ARN of the tuning job that a training job belongs to
alter table training_job add column tuning_job text;
