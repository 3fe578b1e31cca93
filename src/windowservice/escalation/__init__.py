"""Actions that the escalation ladder proposes."""
