"""Crashes of the object store: what was acknowledged is there, whole and in order, and nothing else."""
