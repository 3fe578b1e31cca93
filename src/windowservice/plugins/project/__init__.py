"""A new plugin project: what stands in it, with the places for its name."""
