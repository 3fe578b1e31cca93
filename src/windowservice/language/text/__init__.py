"""Expressions as text, and text back to expressions."""
