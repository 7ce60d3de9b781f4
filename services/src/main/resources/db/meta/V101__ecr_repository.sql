-- A repository of ECR. exclusions are the patterns of tags that the rule of mutability does not hold for, as JSON;
-- data_key is what its layers are encrypted with, sealed.
CREATE TABLE ecr_repository (
  id TEXT PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  tag_mutability TEXT NOT NULL,
  exclusions TEXT NOT NULL,
  scan_on_push INTEGER NOT NULL,
  encryption TEXT NOT NULL,
  kms_key TEXT,
  data_key TEXT NOT NULL,
  policy TEXT,
  lifecycle TEXT,
  evaluated_at INTEGER
) WITHOUT ROWID;

CREATE INDEX ecr_repository_by_account ON ecr_repository (account, region, name);
