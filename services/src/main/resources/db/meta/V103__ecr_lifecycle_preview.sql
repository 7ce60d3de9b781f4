-- What a lifecycle policy would have done to a repository when it was asked; results are JSON.
CREATE TABLE ecr_lifecycle_preview (
  repository TEXT PRIMARY KEY REFERENCES ecr_repository (id) ON DELETE CASCADE,
  policy TEXT NOT NULL,
  results TEXT NOT NULL
) WITHOUT ROWID;
