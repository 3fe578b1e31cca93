"""What can be told of an expression before it runs."""
