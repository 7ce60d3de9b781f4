-- users can be renamed: the reference is checked when the transaction ends
create table iam_access_key_new (
  id text primary key,
  account text not null,
  user_name text not null,
  secret text not null,
  active integer not null,
  created_at integer not null,
  foreign key (account, user_name) references iam_user (account, name) deferrable initially deferred
);
insert into iam_access_key_new select id, account, user_name, secret, active, created_at from iam_access_key;
drop table iam_access_key;
alter table iam_access_key_new rename to iam_access_key;
create index iam_access_key_user on iam_access_key (account, user_name);
