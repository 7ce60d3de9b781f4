-- models and endpoint configurations: an accepted request under a name; kind is 'model' or 'endpoint-config'
create table hosting_definition (
  arn text primary key,
  kind text not null,
  account text not null,
  region text not null,
  name text not null,
  request text not null,
  created_at integer not null
);
create unique index hosting_definition_name on hosting_definition (kind, account, region, lower(name));

-- config and model are the definitions as they were when the endpoint was made of them
create table hosting_endpoint (
  arn text primary key,
  account text not null,
  region text not null,
  name text not null,
  config_name text not null,
  config text not null,
  model text not null,
  state text not null,
  status text not null,
  version integer not null,
  attempt integer not null,
  created_at integer not null,
  modified_at integer not null,
  failure_reason text
);
create unique index hosting_endpoint_name on hosting_endpoint (account, region, lower(name));
create index hosting_endpoint_state on hosting_endpoint (state);
