"""What stands in a cell, as a value: words, ids, numbers, times."""
