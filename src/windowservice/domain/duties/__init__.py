"""Duties that come again, and when each falls due."""
