"""The built-in rules, one module per policy with its dated figures beside it."""
