"""The grammar of rules: typed facts, expressions, figures and rules, as values."""
