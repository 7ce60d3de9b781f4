-- apps: one row per ARN; an app that is made anew under the name of one that ended takes its row with the next attempt.
-- user_profile or space is empty; owner is the ARN of the one that is not; spec is the resolved ResourceSpec
create table studio_app (
  arn text primary key,
  account text not null,
  region text not null,
  domain text not null,
  domain_arn text not null,
  owner text not null,
  user_profile text not null,
  space text not null,
  type text not null,
  name text not null,
  spec text not null,
  recovery integer not null,
  image text not null,
  state text not null,
  status text not null,
  version integer not null,
  attempt integer not null,
  created_at integer not null,
  modified_at integer not null,
  health_at integer not null,
  activity_at integer not null,
  failure_reason text
);
create index studio_app_owner on studio_app (owner);
create index studio_app_domain on studio_app (domain_arn);
create index studio_app_state on studio_app (state);
