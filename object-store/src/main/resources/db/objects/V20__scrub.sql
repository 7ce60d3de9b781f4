-- Where the pass that re-reads content stands: the last file that was compared; empty between passes.
CREATE TABLE scrub (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  position TEXT NOT NULL,
  finished INTEGER
);
INSERT INTO scrub (only_row, position) VALUES (1, '');

-- Content files that are not what their row says. A row outlives its object until the next pass.
CREATE TABLE damage (
  file TEXT PRIMARY KEY,
  found INTEGER NOT NULL,
  reason TEXT NOT NULL
) WITHOUT ROWID;
