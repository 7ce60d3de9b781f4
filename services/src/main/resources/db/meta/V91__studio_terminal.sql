-- terminals that are opened once the app they are to run in has started; then the app alone knows of them. app and image
-- are ARNs, script the ARN of the app's start-up script or empty, folder is relative to the home
create table studio_terminal (
  owner text not null,
  name text not null,
  app text not null,
  image text not null,
  instance_type text not null,
  script text not null,
  folder text not null,
  created_at integer not null,
  primary key (owner, name)
);
create index studio_terminal_app on studio_terminal (app);
-- the ARN of the start-up script of an app that has to be made for a kernel; empty without one
alter table studio_kernel add column script text not null default '';
-- the user profile that a presigned URL was made for; empty where programs are entered without one
alter table studio_entry add column person text not null default '';
