"""What a rule is made of: facts, figures, expressions and rules, as values."""
