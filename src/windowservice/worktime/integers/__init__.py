"""Working time and limits as one text in whole numbers over a memory, for Python and for compiled columns."""
