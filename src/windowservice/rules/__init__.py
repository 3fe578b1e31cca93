"""The built-in rules, one module per institution with its dated figures beside it."""
