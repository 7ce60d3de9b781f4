"""The escape suite over the API: jobs that try to reach what is not theirs."""
