-- A layer or a configuration; content is the object that holds it. used_at is when somebody last relied on its being there.
CREATE TABLE ecr_layer (
  repository TEXT NOT NULL REFERENCES ecr_repository (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  size INTEGER NOT NULL,
  content TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (repository, digest)
) WITHOUT ROWID;

CREATE UNIQUE INDEX ecr_layer_by_content ON ecr_layer (content);

-- A layer that is being sent, in chunks of any size, each an object of its own.
CREATE TABLE ecr_upload (
  id TEXT PRIMARY KEY,
  repository TEXT NOT NULL REFERENCES ecr_repository (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE ecr_chunk (
  upload TEXT NOT NULL REFERENCES ecr_upload (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (upload, first)
) WITHOUT ROWID;

CREATE UNIQUE INDEX ecr_chunk_by_content ON ecr_chunk (content);

-- A manifest, byte by byte as it was put, with what is read out of it.
CREATE TABLE ecr_image (
  repository TEXT NOT NULL REFERENCES ecr_repository (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  media_type TEXT NOT NULL,
  artifact_type TEXT,
  subject TEXT,
  size INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  pushed_at INTEGER NOT NULL,
  pulled_at INTEGER,
  PRIMARY KEY (repository, digest)
);

CREATE INDEX ecr_image_by_subject ON ecr_image (repository, subject);

-- What an image needs: a LAYER, or another IMAGE.
CREATE TABLE ecr_image_part (
  repository TEXT NOT NULL,
  part TEXT NOT NULL,
  kind TEXT NOT NULL,
  image TEXT NOT NULL,
  PRIMARY KEY (repository, part, kind, image),
  FOREIGN KEY (repository, image) REFERENCES ecr_image (repository, digest) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE ecr_tag (
  repository TEXT NOT NULL,
  tag TEXT NOT NULL,
  image TEXT NOT NULL,
  PRIMARY KEY (repository, tag),
  FOREIGN KEY (repository, image) REFERENCES ecr_image (repository, digest) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX ecr_tag_by_image ON ecr_tag (repository, image);
CREATE INDEX ecr_part_by_image ON ecr_image_part (repository, image);

-- Images as DescribeImages lists them, and as ListImages does: once for each tag.
CREATE VIEW ecr_image_listed AS
  SELECT i.*, EXISTS (SELECT 1 FROM ecr_tag t WHERE t.repository = i.repository AND t.image = i.digest) AS tagged
  FROM ecr_image i;

CREATE VIEW ecr_image_named AS
  SELECT i.repository, i.digest, coalesce(t.tag, '') AS tag, t.tag IS NOT NULL AS tagged,
    i.digest || '/' || coalesce(t.tag, '') AS place
  FROM ecr_image i LEFT JOIN ecr_tag t ON t.repository = i.repository AND t.image = i.digest;
