"""Scorecards, their indicators, and the readings that they are counted from."""
