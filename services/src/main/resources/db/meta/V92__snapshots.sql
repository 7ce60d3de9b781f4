-- notebooks as they were shared within a domain: the document lies in S3, details say what it ran on and came from
create table studio_snapshot (
  id text primary key,
  domain text not null references studio_resource on delete cascade,
  owner text not null,
  name text not null,
  location text not null,
  details text not null,
  created_at integer not null
);
create index studio_snapshot_domain on studio_snapshot (domain);
