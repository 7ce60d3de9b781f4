-- where the output of the present attempt begins in the app's log stream, in bytes
alter table studio_app add column log_start integer not null default 0;
