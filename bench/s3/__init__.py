"""S3: its speed against the disk, a fast gateway and a mock; long listings; large uploads."""
