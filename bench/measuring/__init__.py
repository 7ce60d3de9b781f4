"""What the benches share: the measured server, its peers, load, and the report."""
