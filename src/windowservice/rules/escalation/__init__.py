"""The escalation ladder and its checks."""
