-- codes that take the place of an MFA device, once each; they hold while the device that they were made with is enabled
create table console_recovery_code (
  user_id text not null,
  hash text not null,
  device text not null,
  enabled_at integer not null,
  primary key (user_id, hash)
) without rowid;
