"""The kinds of limits, each with all that is known of it; `table` lists them."""
