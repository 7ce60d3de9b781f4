-- what ran, for whom and for how long. share names the machine that the entry is for: apps of one owner on one instance
-- type have one together; owner is a profile's name in its domain, or a principal's ARN where domain is empty; price is in
-- USD for an instance's hour and empty where none is known; seen_at is when a server saw it last while it was open
create table usage_entry (
  id integer primary key autoincrement,
  share text not null,
  account text not null,
  region text not null,
  kind text not null,
  resource text not null,
  domain text not null,
  owner text not null,
  instance_type text not null,
  instances integer not null,
  price text not null,
  started_at integer not null,
  seen_at integer not null,
  ended_at integer
);
create index usage_entry_time on usage_entry (account, region, started_at);
create unique index usage_entry_open on usage_entry (share) where ended_at is null;

-- the workloads for which an entry is open
create table usage_workload (
  workload text primary key,
  entry integer not null references usage_entry on delete cascade
);
create index usage_workload_entry on usage_workload (entry);

-- who asked for what runs later, in the words of usage_entry
create table usage_creator (
  resource text primary key,
  domain text not null,
  owner text not null
);

-- what a domain (owner is empty), a profile of it, or a principal (domain is empty) may spend in a month, in USD
create table usage_budget (
  account text not null,
  region text not null,
  domain text not null,
  owner text not null,
  monthly text not null,
  primary key (account, region, domain, owner)
);
