"""Clocks of many matters at once, in columns."""
