-- the warm pool that a training job's instances become: what it is now, and what it was taken over from
alter table training_job add column pool_state text;
alter table training_job add column pool_chain text;
alter table training_job add column pool_began_at integer;
alter table training_job add column pool_available_at integer;
alter table training_job add column pool_until integer;
alter table training_job add column pool_retained_millis integer not null default 0;
alter table training_job add column pool_reused_by text;
alter table training_job add column pool_key text;
create index training_job_pool on training_job (pool_state) where pool_state is not null;
