"""Logs and metrics: how fast they come in and are found again."""
