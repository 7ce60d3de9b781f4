"""Identity: what a decision and a signed question cost."""
