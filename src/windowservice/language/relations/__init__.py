"""Where records come from that stand in no table: groups of other records, and rows of several types united."""
