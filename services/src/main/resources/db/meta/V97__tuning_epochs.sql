-- the objective after each epoch of trials that may be ended early, as a loss to be minimised
create table tuning_epoch (
  tuning_job text not null references tuning_job on delete cascade,
  number integer not null,
  epoch integer not null,
  loss real not null,
  primary key (tuning_job, number, epoch)
) without rowid;
create index tuning_epoch_epoch on tuning_epoch (tuning_job, epoch);
