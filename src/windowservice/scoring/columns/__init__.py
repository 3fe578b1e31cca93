"""Scores of all banks of a period, in columns."""
