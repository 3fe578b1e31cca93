"""Scores of banks by a scorecard."""
