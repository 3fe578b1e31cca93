"""The escalation ladder over frames."""
