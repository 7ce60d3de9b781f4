-- which sandbox a session was handed to: it ends with that, also when the server died in between
create table iam_session_workload (
  access_key_id text primary key,
  workload text not null
);
create index iam_session_workload_place on iam_session_workload (workload);
