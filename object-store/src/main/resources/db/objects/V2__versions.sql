ALTER TABLE bucket ADD COLUMN versioning TEXT NOT NULL DEFAULT 'UNSET';

-- What a key gives when no version is asked for: one row a key, so that a listing walks no older version. 'place' orders
-- the versions of a key, the newest lowest. Version 'null' is that of a bucket without versioning.
CREATE TABLE current_object (
  bucket TEXT NOT NULL REFERENCES bucket (name),
  object_key BLOB NOT NULL,
  version TEXT NOT NULL,
  place INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (bucket, object_key)
) WITHOUT ROWID;

INSERT INTO current_object (bucket, object_key, version, place, file, size, etag, modified, details)
SELECT bucket, object_key, version, -1000 * modified, file, size, etag, modified, details FROM object;

DROP TABLE object;
ALTER TABLE current_object RENAME TO object;

-- All other versions: what was replaced, and delete markers, which have no file. A marker is the newest of a key that
-- has no row above.
CREATE TABLE noncurrent (
  bucket TEXT NOT NULL REFERENCES bucket (name),
  object_key BLOB NOT NULL,
  version TEXT NOT NULL,
  place INTEGER NOT NULL,
  file TEXT UNIQUE,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (bucket, object_key, place),
  UNIQUE (bucket, object_key, version)
) WITHOUT ROWID;
