create table iam_account (
  account text primary key,
  created_at integer not null
);

create table iam_user (
  account text not null references iam_account,
  name text not null,
  path text not null,
  id text not null unique,
  created_at integer not null,
  primary key (account, name)
);
create unique index iam_user_folded on iam_user (account, lower(name));

create table iam_access_key (
  id text primary key,
  account text not null,
  user_name text not null,
  secret text not null,
  active integer not null,
  created_at integer not null,
  foreign key (account, user_name) references iam_user (account, name)
);
create index iam_access_key_user on iam_access_key (account, user_name);

create table iam_role (
  account text not null references iam_account,
  name text not null,
  path text not null,
  id text not null unique,
  trust text not null,
  description text not null,
  max_session_seconds integer not null,
  created_at integer not null,
  primary key (account, name)
);
create unique index iam_role_folded on iam_role (account, lower(name));

create table iam_policy (
  account text not null references iam_account,
  name text not null,
  path text not null,
  id text not null unique,
  description text not null,
  default_version integer not null,
  created_at integer not null,
  primary key (account, name)
);

create table iam_policy_version (
  account text not null,
  name text not null,
  version integer not null,
  document text not null,
  created_at integer not null,
  primary key (account, name, version),
  foreign key (account, name) references iam_policy (account, name)
);

-- principal_kind is 'user' or 'role'; policy_arn is written in the partition 'aws' whatever the caller's
create table iam_attached_policy (
  account text not null,
  principal_kind text not null,
  principal text not null,
  policy_arn text not null,
  primary key (account, principal_kind, principal, policy_arn)
);

create table iam_inline_policy (
  account text not null,
  principal_kind text not null,
  principal text not null,
  name text not null,
  document text not null,
  primary key (account, principal_kind, principal, name)
);

create table iam_session (
  access_key_id text primary key,
  account text not null,
  kind text not null,
  principal text not null,
  session text not null,
  secret text not null,
  token text not null,
  session_policies text not null,
  expires_at integer not null
);
create index iam_session_expiry on iam_session (expires_at);
