"""The fault suite: kill -9 of the server under load, and an account of what survived."""
