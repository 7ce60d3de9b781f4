-- boundary is the ARN of a managed policy in the partition 'aws', or empty
alter table iam_user add column boundary text not null default '';
alter table iam_role add column boundary text not null default '';
-- the service principal that a service-linked role is tied to, or empty
alter table iam_role add column service text not null default '';
alter table iam_policy add column updated_at integer not null default 0;
update iam_policy set updated_at = created_at;

create table iam_group (
  account text not null references iam_account,
  name text not null,
  path text not null,
  id text not null unique,
  created_at integer not null,
  primary key (account, name)
);
create unique index iam_group_folded on iam_group (account, lower(name));

create table iam_group_member (
  account text not null,
  group_name text not null,
  user_name text not null,
  primary key (account, group_name, user_name),
  foreign key (account, group_name) references iam_group (account, name) deferrable initially deferred,
  foreign key (account, user_name) references iam_user (account, name) deferrable initially deferred
);
create index iam_group_member_user on iam_group_member (account, user_name);

-- entity is the unique id of a user, role, policy or record; order is that of the first tagging
create table iam_tag (
  place integer primary key,
  entity text not null,
  folded text not null,
  name text not null,
  value text not null,
  unique (entity, folded)
);

-- when a long-lived key last signed; written in batches
create table iam_key_use (
  id text primary key,
  used_at integer not null,
  service text not null,
  region text not null
);

-- what IAM keeps beside users, groups, roles and policies: kind says what the document holds, owner is a user's name
-- or empty, and names are unique without regard to case
create table iam_record (
  id text primary key,
  account text not null references iam_account,
  kind text not null,
  owner text not null,
  name text not null,
  created_at integer not null,
  document text not null
);
create unique index iam_record_folded on iam_record (account, kind, lower(name));
create index iam_record_owner on iam_record (account, kind, owner);

-- what a session carries beside its rights: tags, source identity, when and how it was issued
alter table iam_session add column facts text not null default '{}';
