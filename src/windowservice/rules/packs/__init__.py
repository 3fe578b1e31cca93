"""The built-in packs of rules, with their figures beside them."""
