-- presigned URLs (kind 'url', good once) and the sessions that they began (kind 'session'); secrets are kept as hashes
create table studio_entry (
  hash text primary key,
  kind text not null,
  label text not null,
  app text not null,
  landing text not null,
  session_seconds integer not null,
  expires_at integer not null
);
create index studio_entry_app on studio_entry (app);
create index studio_entry_expiry on studio_entry (expires_at);
