"""Limits: the words in which they are written, what they are measured along, and when they end."""
