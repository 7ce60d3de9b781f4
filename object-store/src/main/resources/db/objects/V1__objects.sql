CREATE TABLE bucket (
  name TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;

-- Policies, tag sets and configurations, stored as they were given.
CREATE TABLE bucket_document (
  bucket TEXT NOT NULL REFERENCES bucket (name) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (bucket, kind)
) WITHOUT ROWID;

-- Keys are UTF-8 bytes: their order is the order of listings. 'null' is the version of unversioned objects.
CREATE TABLE object (
  bucket TEXT NOT NULL REFERENCES bucket (name),
  object_key BLOB NOT NULL,
  version TEXT NOT NULL DEFAULT 'null',
  file TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (bucket, object_key, version)
) WITHOUT ROWID;

CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL REFERENCES bucket (name) ON DELETE CASCADE,
  object_key BLOB NOT NULL,
  initiated INTEGER NOT NULL,
  details TEXT NOT NULL,
  completed_etag TEXT,
  completed INTEGER
) WITHOUT ROWID;

CREATE INDEX upload_by_key ON upload (bucket, object_key, id);

CREATE TABLE part (
  upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  checksum TEXT NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (upload, number)
) WITHOUT ROWID;
