-- kernels of Studio: owner is the ARN of the profile or space; spec is the kernelspec's full name and name the kernel's in
-- its image; watched is how far the kernel's record was read. A session joins a document with a kernel.
create table studio_kernel (
  id text primary key,
  owner text not null,
  spec text not null,
  name text not null,
  path text not null,
  environment text not null,
  app text not null,
  instance_type text not null,
  image text not null,
  state text not null,
  reason text not null,
  created_at integer not null,
  activity_at integer not null,
  watched integer not null
);
create index studio_kernel_owner on studio_kernel (owner);
create index studio_kernel_app on studio_kernel (app);
create table studio_session (
  id text primary key,
  owner text not null,
  path text not null,
  name text not null,
  type text not null,
  kernel text not null,
  created_at integer not null
);
create index studio_session_owner on studio_session (owner);
-- what cells of a notebook were run and may not be saved yet; began is where the kernel's record stood then
create table studio_execution (
  kernel text not null,
  message text not null,
  cell text not null,
  path text not null,
  began integer not null,
  started_at integer not null,
  finished_at integer not null,
  primary key (kernel, message)
);
