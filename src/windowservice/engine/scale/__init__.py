"""Judging what is larger than memory or one machine."""
