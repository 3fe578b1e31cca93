"""Questions about what was judged: what if, why, what would change it, and what a rule required when."""
