-- Contents of a few kilobytes lie beside the rows that name them, so that both are flushed at once. An id is never given again:
-- a reader that comes late must not find another object's content.
CREATE TABLE small_content (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content BLOB NOT NULL
);
