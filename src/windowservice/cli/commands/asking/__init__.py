"""Commands that answer questions about what was judged."""
