"""Jobs: how soon they run, what they cost beside their programs, and how soon their data is there."""
