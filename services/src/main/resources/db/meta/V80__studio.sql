-- what Studio keeps under a name. kind is that of the ARN; parent is the domain's id for profiles and spaces, the
-- image's name for versions, else empty; number is a version's number, or the user id of a home; document is what
-- Describe answers, without what the other columns say; token is the client's, where creating is idempotent
create table studio_resource (
  arn text primary key,
  kind text not null,
  account text not null,
  region text not null,
  parent text not null,
  name text not null,
  number integer not null,
  document text not null,
  state text not null,
  status text not null,
  version integer not null,
  token text not null,
  created_at integer not null,
  modified_at integer not null,
  failure_reason text
);
create unique index studio_resource_name on studio_resource (kind, account, region, parent, lower(name));
create unique index studio_resource_token on studio_resource (kind, account, region, parent, token) where token <> '';
create index studio_resource_state on studio_resource (state);

-- names of image versions
create table studio_alias (
  image text not null,
  alias text not null,
  version text not null references studio_resource on delete cascade,
  created_at integer not null,
  primary key (image, alias)
);
create index studio_alias_version on studio_alias (version);

-- the last number handed out in a scope; numbers are not given twice
create table studio_number (
  scope text primary key,
  last integer not null
);

-- accounts that were given their first domain, whether or not they kept it
create table studio_first (
  account text primary key,
  made_at integer not null
);
