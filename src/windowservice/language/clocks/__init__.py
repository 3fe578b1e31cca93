"""Clocks of any record: a limit that pauses, what came of it, and how it stands."""
