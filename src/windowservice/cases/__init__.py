"""Who held what, for how long, and how matters ended."""
