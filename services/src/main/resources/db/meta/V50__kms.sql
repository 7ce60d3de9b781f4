-- A key of KMS. Its policy is JSON; deletion is when a scheduled deletion falls due.
CREATE TABLE kms_key (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  manager TEXT NOT NULL,
  description TEXT NOT NULL,
  policy TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created INTEGER NOT NULL,
  rotation_days INTEGER,
  rotation_since INTEGER,
  deletion INTEGER,
  deletion_days INTEGER
) WITHOUT ROWID;

CREATE INDEX kms_key_by_account ON kms_key (account, region, id);

-- Generations of a key's material, sealed with the master key; the last one encrypts, every one decrypts.
CREATE TABLE kms_material (
  key_id TEXT NOT NULL REFERENCES kms_key (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  sealed TEXT NOT NULL,
  created INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (key_id, number)
) WITHOUT ROWID;

CREATE TABLE kms_alias (
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  key_id TEXT NOT NULL REFERENCES kms_key (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  PRIMARY KEY (account, region, name)
) WITHOUT ROWID;
