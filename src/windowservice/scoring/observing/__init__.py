"""Readings of indicators, counted from the records of a ledger."""
