"""One report object, many faces."""
