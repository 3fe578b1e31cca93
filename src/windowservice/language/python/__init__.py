"""Rules as generated Python, for one record."""
