-- what is known of all losses up to an epoch, so that not every epoch must stay: their sum, what rounding lost of it, and
-- the least of them
alter table tuning_epoch add column total real not null default 0;
alter table tuning_epoch add column carry real not null default 0;
alter table tuning_epoch add column least real not null default 0;
update tuning_epoch set total = so_far.total, least = so_far.least from (
  select tuning_job, number, epoch, sum(loss) over earlier as total, min(loss) over earlier as least from tuning_epoch
  window earlier as (partition by tuning_job, number order by epoch)) as so_far
where so_far.tuning_job = tuning_epoch.tuning_job and so_far.number = tuning_epoch.number
  and so_far.epoch = tuning_epoch.epoch;
